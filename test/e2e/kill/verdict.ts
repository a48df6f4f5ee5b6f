import type { Journey } from "../../journey.ts";
import { type AtStripe, atStripe, type StripeSession } from "./at-stripe.ts";
import type { Evidence, Testimony } from "./evidence.ts";
import { type Row, stored } from "./stored.ts";

interface World {
  evidence: Evidence;
  stripe: AtStripe;
  rows: (query: string) => Row[];
}

/** Lists what is wrong, one line each; an empty list is a pass. `fresh` are the testimonies of this round. */
export async function judge(
  journey: Journey,
  evidence: Evidence,
  stateDir: string,
  fresh: { testimonies: readonly Testimony[]; people: Evidence["people"] },
): Promise<string[]> {
  const world: World = { evidence, stripe: await atStripe(journey), rows: (query) => stored(stateDir, query) };
  const ledger = await journey.ledgerCheck();
  const books = await journey.reconcile();
  return [
    ...evidence.surprises.map((surprise) => `surprise: ${surprise}`),
    ...nothingIsLost(world),
    ...nothingHappensTwice(world),
    ...everythingIsFinished(world),
    ...(await asItsOwnersSeeIt(journey, fresh)),
    ...(ledger.ok ? [] : [`ledger: ${JSON.stringify(ledger).slice(0, 1000)}`]),
    ...(books.ok ? [] : [`reconcile: ${JSON.stringify(books).slice(0, 1000)}`]),
  ];
}

/** Checks that everything acknowledged is stored. */
function nothingIsLost({ evidence, stripe, rows }: World): string[] {
  const states = byId(rows("SELECT id, state FROM testimonies"));
  const offers = byId(rows("SELECT id FROM offers"));
  const checkouts = byId(rows("SELECT session_id AS id, state FROM checkouts WHERE session_id IS NOT NULL"));
  const emails = byId(rows("SELECT email AS id FROM user_emails"));
  const accounts = byId(
    rows(
      `SELECT user_emails.email AS id, payout_accounts.stripe_account_id AS account FROM payout_accounts
       JOIN user_emails ON user_emails.user_id = payout_accounts.user_id`,
    ),
  );
  const sessions = new Map(stripe.sessions.map((session) => [session.id, session]));
  const accountIds = new Set(stripe.accounts.map((account) => account.id));

  const wrong: string[] = [];
  const must = (holds: boolean, what: string) => void (holds || wrong.push(`lost: ${what}`));
  for (const person of evidence.people) must(emails.has(person.email), `registration of ${person.email}`);
  for (const { email } of evidence.payoutAccounts) {
    must(accountIds.has(String(accounts.get(email)?.account)), `payout account of ${email}`);
  }
  for (const testimony of evidence.testimonies) {
    const state = String(states.get(testimony.id)?.state);
    must(states.has(testimony.id), `testimony ${testimony.id}`);
    must(!testimony.cancelled || state === "cancelled", `cancellation of ${testimony.id}: ${state}`);
    must(!testimony.completed || state === "completed", `completion of ${testimony.id}: ${state}`);
    for (const offerId of testimony.offerIds) must(offers.has(offerId), `offer ${offerId}`);
    for (const session of testimony.sessions) {
      const checkout = String(checkouts.get(session.id)?.state);
      must(checkouts.has(session.id) && sessions.has(session.id), `session ${session.id}`);
      must(!session.paid || sessions.get(session.id)?.payment_status === "paid", `payment of ${session.id}`);
      must(!session.accepted || checkout === "accepted", `acceptance of ${session.id}: ${checkout}`);
      must(!session.accepted || /accepted|completed/.test(state), `acceptance of ${testimony.id}: ${state}`);
    }
  }
  return wrong;
}

function nothingHappensTwice({ stripe, rows }: World): string[] {
  const journal = (name: string) =>
    rows(
      `SELECT aggregate_id AS id, count(*) AS n FROM journal WHERE name = '${name}' GROUP BY 1 HAVING count(*) > 1`,
    ).map(({ id, n }) => `twice: ${n} ${name} in the journal of ${id}`);
  const open = stripe.sessions.filter((session) => session.status === "open");
  return [
    ...["create-testimony", "accept-offer", "cancel-testimony", "complete-testimony", "pay-payout"].flatMap(journal),
    ...rows(
      "SELECT aggregate_id AS id, count(*) AS n, max(version) AS top FROM journal GROUP BY 1 HAVING n <> top",
    ).map(({ id, n, top }) => `journal of ${id}: ${n} rows up to version ${top}`),
    ...repeated(stripe.transfers, (transfer) => transfer.transfer_group).map((id) => `twice: transfer for ${id}`),
    ...repeated(stripe.refunds, (refund) => refund.payment_intent).map((id) => `twice: refund of ${id}`),
    ...repeated(stripe.sessions, (session) => session.metadata.checkout_id ?? session.id).map(
      (id) => `twice: session of checkout ${id}`,
    ),
    ...repeated(open, (session) => `${session.metadata.offer_id} ${session.metadata.client_id}`).map(
      (id) => `twice: payable session of ${id}`,
    ),
    ...repeated(stripe.accounts, (account) => account.metadata.user_id ?? account.id).map(
      (id) => `twice: connected account of ${id}`,
    ),
  ];
}

/**
 * Checks that no call is pending, every paid session is accepted or refunded, and every payout that can be sent is
 * sent.
 */
function everythingIsFinished({ stripe, rows }: World): string[] {
  const checkouts = byId(
    rows("SELECT session_id AS id, state, total_minor FROM checkouts WHERE session_id IS NOT NULL"),
  );
  const refunds = new Map(stripe.refunds.map((refund) => [refund.payment_intent, refund]));
  const transfers = new Map(stripe.transfers.map((transfer) => [transfer.transfer_group, transfer]));
  return [
    ...stripe.sessions.flatMap((session) => unsettled(session, checkouts.get(session.id), refunds)),
    ...rows("SELECT kind, id, attempts, failure FROM stripe_effects WHERE state = 'open'").map(
      (effect) => `open: call ${JSON.stringify(effect)}`,
    ),
    ...rows("SELECT id, type, state, failure FROM stripe_events WHERE state <> 'processed'").map(
      (event) => `open: event ${JSON.stringify(event)}`,
    ),
    ...rows("SELECT id, state FROM refunds WHERE state <> 'succeeded'").map(
      (refund) => `open: refund ${JSON.stringify(refund)}`,
    ),
    ...rows("SELECT aggregate_id, kind, about_id, note FROM attention WHERE cleared_at IS NULL").map(
      (reason) => `needs attention: ${JSON.stringify(reason)}`,
    ),
    ...rows(
      `SELECT payouts.testimony_id, payouts.state, payouts.reason, payouts.amount_minor, payout_accounts.state AS account
       FROM payouts LEFT JOIN payout_accounts ON payout_accounts.user_id = payouts.expert_id`,
    ).flatMap((payout) => unpaid(payout, transfers.get(String(payout.testimony_id))?.amount)),
    ...rows(
      `SELECT testimonies.id FROM testimonies WHERE state IN ('accepted', 'completed')
       AND NOT EXISTS (SELECT 1 FROM payouts WHERE payouts.testimony_id = testimonies.id)`,
    ).map(({ id }) => `no payout: ${id}`),
  ];
}

function unsettled(
  session: StripeSession,
  checkout: Row | undefined,
  refunds: ReadonlyMap<string, AtStripe["refunds"][number]>,
): string[] {
  if (!checkout) return [`session ${session.id} is at Stripe and not with us`];
  const refund = refunds.get(session.payment_intent ?? "");
  const paid = session.status === "complete" && session.payment_status === "paid";
  const found = `${checkout.state}, refunded ${refund?.amount ?? 0} of ${session.amount_total}`;
  const isRight =
    checkout.state === "accepted"
      ? paid && !refund
      : checkout.state === "returned"
        ? paid && refund?.amount === session.amount_total
        : !paid && !refund && checkout.state === session.status;
  return isRight ? [] : [`session ${session.id} is ${session.status} and ${session.payment_status}; with us ${found}`];
}

function unpaid(payout: Row, transferredMinor: number | undefined): string[] {
  const isRight =
    payout.state === "paid"
      ? transferredMinor === payout.amount_minor
      : payout.state === "held" && payout.account !== "ready" && transferredMinor === undefined;
  return isRight ? [] : [`payout ${JSON.stringify(payout)}, transferred ${transferredMinor ?? "nothing"}`];
}

/** Checks what was acknowledged in this round through its owners' API. */
async function asItsOwnersSeeIt(
  journey: Journey,
  { testimonies, people }: { testimonies: readonly Testimony[]; people: Evidence["people"] },
): Promise<string[]> {
  const wrong: string[] = [];
  for (const { token, email } of people) {
    const me = await journey.call("GET", "/api/v1/me", { token });
    if (me.status !== 200 || me.body.data.email !== email) wrong.push(`GET /me of ${email}: ${me.status}`);
  }
  for (const { id, client, sessions } of testimonies) {
    const seen = await journey.call("GET", `/api/v1/testimonies/${id}`, { token: client.token });
    if (seen.status !== 200) wrong.push(`GET /testimonies/${id}: ${seen.status}`);
    const timeline = await journey.operator("GET", `/testimonies/${id}/timeline`);
    if (timeline.status !== 200) wrong.push(`timeline of ${id}: ${timeline.status}`);
    const acceptances = JSON.stringify(timeline.body).split('"name":"accept-offer"').length - 1;
    const isAccepted = sessions.some((session) => session.accepted);
    if (acceptances > 1 || (isAccepted && acceptances === 0))
      wrong.push(`timeline of ${id}: ${acceptances} acceptances`);
  }
  return wrong;
}

function byId(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [String(row.id), row]));
}

function repeated<T>(items: readonly T[], keyOf: (item: T) => string): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const key of items.map(keyOf)) (seen.has(key) ? twice : seen).add(key);
  return [...twice];
}
