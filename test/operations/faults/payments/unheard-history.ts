import { env } from "cloudflare:workers";
import type { Journey } from "../../../journey";
import { type ListedEvent, postEvent } from "../../../post-event";
import { Shop, type Transaction } from "../../../shop";
import { booksOfPayment } from "../../books";
import { chargeIdOf } from "../../payments/stripe-side";
import { paymentOf, rows } from "../../rows";
import { insert } from "../people";

/**
 * The types of what happens at Stripe out-of-band: the bank asks and is answered, a part is refunded, the rest is
 * disputed and won.
 */
const types = [
  "payment_intent.requires_action",
  "payment_intent.succeeded",
  "charge.refunded",
  "refund.updated",
  "charge.dispute.created",
  "charge.dispute.closed",
] as const;

/** The number of these events. */
export const eventCount = types.length;

/** Our own rows of a payment at one moment, as statements that restore them. */
export type Memory = readonly D1PreparedStatement[];

/** A payment that went through everything at Stripe while we know only its beginning, and the events about the rest. */
export class UnheardHistory {
  private constructor(
    private readonly journey: Journey,
    private readonly transaction: Transaction,
    private readonly paymentId: string,
    private readonly events: readonly ListedEvent[],
    /** Our rows before the first event. */
    readonly beginning: Memory,
  ) {}

  /** Makes it happen with every event lost. */
  static async make(journey: Journey): Promise<UnheardHistory> {
    const shop = await Shop.open(journey);
    const transaction = await shop.ordered({ application_fee_amount: 50 });
    await journey.advance(1);
    const { id } = await paymentOf(transaction);
    const beginning = await memoryOf(id);
    await journey.events("drop");
    await live(journey, shop, transaction);
    const { data } = await journey.stripe("/events?limit=100", transaction.accountId);
    const events = types.map((type) => (data as ListedEvent[]).find((event) => event.type === type));
    if (events.some((event) => event === undefined)) throw new Error("the history has another course");
    const history = new UnheardHistory(journey, transaction, id, events as ListedEvent[], beginning);
    await history.recall(beginning); // the clock has checked it by itself
    return history;
  }

  /** Returns our own rows as they are. */
  remember(): Promise<Memory> {
    return memoryOf(this.paymentId);
  }

  /** Restores our own rows. Stripe's stay as they are. */
  async recall(memory: Memory): Promise<void> {
    await env.DB.batch([...memory]);
  }

  /**
   * Delivers one event, so many times at once, and waits until it was processed. A twin has the same content and
   * another id.
   */
  async hear(index: number, { copies = 1, isTwin = false } = {}): Promise<void> {
    const told = this.events[index];
    if (!told) throw new Error(`there is no event ${index}`);
    const event = isTwin ? { ...told, id: `evt_${crypto.randomUUID()}` } : told;
    await Promise.all(Array.from({ length: copies }, () => postEvent(this.journey, event)));
    await processed(event);
  }

  /**
   * Reads everything that we have of it, without what differs by nature: our ids, times, and the order of the events.
   */
  async outcome() {
    const [payments, refunds, disputes, told] = await Promise.all([
      rows<Record<string, unknown>>("select * from payments where id = ?", this.paymentId),
      rows(
        "select kind, state, amount_minor, stripe_id, failure from payment_refunds where payment_id = ?",
        this.paymentId,
      ),
      rows("select state, amount_minor, stripe_id from payment_disputes where payment_id = ?", this.paymentId),
      rows<{ type: string; data: string }>("select type, data from outbox where aggregate_id = ?", this.paymentId),
    ]);
    const { updated_at: _, due_at, ...payment } = payments[0] ?? {};
    return {
      payment,
      isWatched: due_at !== null,
      refunds,
      disputes,
      books: await booksOfPayment(this.transaction),
      told: told.map(({ type, data }) => [type, { ...JSON.parse(data), refundId: "" }]).sort(byName),
    };
  }
}

async function live(journey: Journey, shop: Shop, transaction: Transaction): Promise<void> {
  const { transactionId, accountId } = transaction;
  const confirmation = { payment_method: "pm_card_authenticationRequired" };
  await journey.stripePost(`/payment_intents/${transactionId}/confirm`, confirmation, accountId);
  await shop.authenticate(transaction, "approve");
  await journey.control("POST", "refunds", { next: "pending_then_succeed" });
  const refund = { payment_intent: transactionId, amount: 300, refund_application_fee: "true" };
  await journey.stripePost("/refunds", refund, accountId);
  const charge = await chargeIdOf(journey, transaction);
  const dispute = (await journey.control("POST", "disputes", { charge })).body.id;
  await journey.control("POST", "disputes", { dispute, status: "won" });
  await journey.advance(61); // the refund is decided
}

function byName([one]: unknown[], [other]: unknown[]): number {
  return String(one) < String(other) ? -1 : 1;
}

async function processed({ id }: ListedEvent): Promise<void> {
  for (let turn = 0; turn < 5_000; turn += 1) {
    const row = await env.DB.prepare("select state from stripe_events where id = ?")
      .bind(id)
      .first<{ state: string }>();
    if (row?.state === "processed") return;
    await scheduler.wait(1);
  }
  throw new Error(`${id} was never processed`);
}

/** The tables of a payment's rows, with the column that names the payment. */
const places = [
  ["payment_refunds", "payment_id"],
  ["payment_disputes", "payment_id"],
  ["postings", "aggregate_id"],
  ["outbox", "aggregate_id"],
  ["journal", "aggregate_id"],
] as const;

/**
 * Returns statements that delete the present rows and insert these; the triggers that forbid it are dropped and made
 * again in the same batch.
 */
async function memoryOf(paymentId: string): Promise<Memory> {
  const triggers = await rows<{ name: string; sql: string }>(
    "select name, sql from sqlite_master where type = 'trigger'",
  );
  const [payment] = await rows<Record<string, unknown>>("select * from payments where id = ?", paymentId);
  const { id, ...members } = payment ?? {};
  const names = Object.keys(members);
  const statements = [
    env.DB.prepare("delete from stripe_events"),
    env.DB.prepare(`update payments set ${names.map((name) => `${name} = ?`)} where id = ?`).bind(
      ...Object.values(members),
      id,
    ),
  ];
  for (const [table, column] of places) {
    const found = await rows<Record<string, unknown>>(`select * from ${table} where ${column} = ?`, paymentId);
    statements.push(env.DB.prepare(`delete from ${table} where ${column} = ?`).bind(paymentId));
    statements.push(...found.map((row) => insert(table, row)));
  }
  return [
    ...triggers.map(({ name }) => env.DB.prepare(`drop trigger ${name}`)),
    ...statements,
    ...triggers.map(({ sql }) => env.DB.prepare(sql)),
  ];
}
