import type { Journey } from "../../journey.ts";
import { Shop } from "../../shop.ts";
import { all } from "./at-stripe.ts";
import type { PaymentStory } from "./evidence.ts";
import type { ShopLoad } from "./shopper.ts";
import { type Row, stored } from "./stored.ts";

interface Intent {
  id: string;
  status: string;
  amount_received: number;
  metadata: { payment_id: string };
}

interface Refund {
  id: string;
  amount: number;
  status: string;
  payment_intent: string;
  /** Null for a released authorization, which moved nothing. */
  balance_transaction: string | null;
  metadata: { refund_id?: string };
}

interface World {
  stories: readonly PaymentStory[];
  intents: Intent[];
  refunds: Refund[];
  payments: Row[];
  paymentRefunds: Row[];
}

/** Lists what is wrong with payments, one line each; an empty list is a pass. `fresh` are those of this round. */
export async function judgePayments(
  journey: Journey,
  load: ShopLoad,
  stateDir: string,
  fresh: readonly PaymentStory[],
): Promise<string[]> {
  const onAccounts = async <T extends { id: string }>(path: string) =>
    (await Promise.all(load.accountIds.map((account) => all<T>(journey, path, account)))).flat();
  const world: World = {
    stories: load.book.payments,
    intents: await onAccounts<Intent>("/payment_intents"),
    refunds: (await onAccounts<Refund>("/refunds")).filter((one) => one.balance_transaction !== null),
    payments: stored(stateDir, "SELECT * FROM payments"),
    paymentRefunds: stored(stateDir, "SELECT * FROM payment_refunds"),
  };
  return [
    ...nothingIsLost(world),
    ...nothingHappensTwice(world),
    ...everythingIsSettled(world),
    ...(await asTheirShoppersSeeIt(journey, load, fresh)),
  ];
}

/** Checks that every answered 201 is a row and a PaymentIntent, and so on to the last refund. */
function nothingIsLost({ stories, payments, paymentRefunds }: World): string[] {
  const rows = new Map(payments.map((row) => [row.stripe_id, row]));
  const refunds = new Map(paymentRefunds.map((row) => [row.id, row]));
  return stories.flatMap(({ transactionId, orderId, status, capturedMinor, refunds: answered }) => {
    const row = rows.get(transactionId);
    if (row?.order_id !== orderId) return [`lost: payment ${transactionId} of ${orderId}`];
    const found = `${row.state}, ${row.captured_minor} captured`;
    return [
      ...(status === undefined || row.state === status ? [] : [`lost: ${transactionId} was ${status}, is ${found}`]),
      ...(capturedMinor === undefined || row.captured_minor === capturedMinor
        ? []
        : [`lost: capture of ${capturedMinor} of ${transactionId}, is ${found}`]),
      ...answered
        .filter(({ id, amountMinor }) => refunds.get(id)?.amount_minor !== amountMinor)
        .map(({ id }) => `lost: refund ${id} of ${transactionId}`),
    ];
  });
}

/**
 * Checks that there is one PaymentIntent for each row and each answer, one refund for each request, and never more
 * refunded than captured.
 */
function nothingHappensTwice({ stories, intents, refunds, payments }: World): string[] {
  const answered = stories.map(({ transactionId }) => transactionId);
  return [
    ...repeated(intents.map(({ metadata }) => metadata.payment_id)).map((id) => `twice: PaymentIntent of ${id}`),
    ...repeated(refunds.map(({ id, metadata }) => metadata.refund_id ?? id)).map((id) => `twice: refund ${id}`),
    ...repeated(answered).map((id) => `twice: ${id} was the answer to two orders`),
    ...(payments.length === answered.length && intents.length === answered.length
      ? []
      : [`${answered.length} payments answered, ${payments.length} rows, ${intents.length} PaymentIntents`]),
    ...stories.flatMap(({ transactionId, refunds: asked }) => {
      const made = refunds.filter(({ payment_intent }) => payment_intent === transactionId);
      const wanted = asked.filter(({ id }) => made.some(({ metadata }) => metadata.refund_id === id));
      return made.length === wanted.length ? [] : [`twice: ${made.length} refunds of ${transactionId}`];
    }),
    ...intents.flatMap(({ id, amount_received }) => {
      const made = refunds.filter(({ payment_intent }) => payment_intent === id);
      const backMinor = made.reduce((sum, { amount }) => sum + amount, 0);
      return backMinor > amount_received ? [`${id}: ${backMinor} of ${amount_received} went back`] : [];
    }),
  ];
}

/** Checks that Stripe and our rows agree. */
function everythingIsSettled({ intents, refunds, payments, paymentRefunds }: World): string[] {
  const atStripe = new Map(intents.map((intent) => [intent.id, intent]));
  return [
    ...payments.flatMap(({ stripe_id, state, captured_minor }) => {
      const intent = atStripe.get(String(stripe_id));
      const isSame = intent?.status === state && intent?.amount_received === captured_minor;
      return isSame ? [] : [`open: payment ${stripe_id} is ${state}, at Stripe ${intent?.status}`];
    }),
    ...paymentRefunds
      .filter(({ state }) => state !== "succeeded")
      .map(({ id, state }) => `open: refund ${id} is ${state}`),
    ...refunds
      .filter(({ id, amount }) => !paymentRefunds.some((row) => row.stripe_id === id && row.amount_minor === amount))
      .map(({ id }) => `open: ${id} is at Stripe and not with us`),
  ];
}

/** Checks what was acknowledged in this round through its owners' API. */
async function asTheirShoppersSeeIt(
  journey: Journey,
  { shop }: ShopLoad,
  fresh: readonly PaymentStory[],
): Promise<string[]> {
  const seen = new Shop(journey, shop);
  const wrong: string[] = [];
  for (const story of fresh) {
    const { status, body } = await seen.view(story);
    const isSame = story.status === undefined || body.data?.status === story.status;
    if (status !== 200 || !isSame)
      wrong.push(`GET /transactions/${story.transactionId}: ${status} ${body.data?.status}`);
  }
  return wrong;
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}
