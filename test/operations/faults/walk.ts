import { env } from "cloudflare:workers";
import { type Answer, checkoutBody, type Journey, type OfferOnTable, type PaidSession } from "../../journey";
import { eventually, settle } from "./left-open";
import type { People } from "./people";
import { firedFaults, type PlannedFault, plan, untilDone, type Walked } from "./planned";

/** Every Stripe call of the offers contract, under the names of the sandbox's faults. */
export const calls = {
  createSession: "POST /v1/checkout/sessions",
  retrieveSession: "GET /v1/checkout/sessions/*",
  expireSession: "POST /v1/checkout/sessions/*/expire",
  createTransfer: "POST /v1/transfers",
  createRefund: "POST /v1/refunds",
  reverseTransfer: "POST /v1/transfers/*/reversals",
  createAccount: "POST /v1/accounts",
  createAccountLink: "POST /v1/account_links",
  retrieveAccount: "GET /v1/accounts/*",
} as const;

/** The requests that look up whether a call with an unknown outcome was made. */
export const lookUps = {
  listSessions: "GET /v1/checkout/sessions",
  listTransfers: "GET /v1/transfers",
  listRefunds: "GET /v1/refunds",
  listAccounts: "GET /v1/accounts",
  retrieveTransfer: "GET /v1/transfers/*",
} as const;

/** The results of a walk. */
export interface Walk extends Walked {
  /** The client's answers at each attempt, the last one being the success. */
  answers: { start: Answer[]; replace: Answer[]; accept: Answer[]; openAccount: Answer[] };
  /** The statuses of requests that are answered before Stripe is called. */
  statuses: { cancel: number; refund: number };
  /**
   * Ids of testimonies: one started and then cancelled, one paid with changed input, one accepted, one with two paid
   * offers.
   */
  testimonies: { started: string; replaced: string; accepted: string; contested: string };
  people: People;
}

/**
 * Walks through every Stripe call with these faults planned: four testimonies, each for other calls, so that one wait
 * serves them all. Clients repeat requests that were answered with a 5xx.
 */
export async function walk(journey: Journey, people: People, faults: readonly PlannedFault[]): Promise<Walk> {
  await people.startAfresh();
  const { client, expert, newcomer } = people;
  const onTable = () => journey.offerOnTable({ client, expert, onboarded: false });

  // Without faults: an expert who can be paid, open pages, payments that nobody has confirmed.
  await journey.onboard(expert);
  await eventually("the expert can be paid", async () => (await accountStatus(journey, expert)) === "ready");
  await journey.events("hold"); // else Stripe's events do the clients' work
  const [started, replaced, accepted, winner] = await Promise.all([
    onTable(),
    onTable().then((offer) => journey.checkout(offer)),
    onTable().then((offer) => paid(journey, offer)),
    onTable().then((offer) => paid(journey, offer)),
  ]);
  const losingOffer = await journey.createOffer(newcomer, winner.testimonyId, 100);
  await paid(journey, { ...winner, expert: newcomer, offerId: losingOffer });

  // The loser's payment is refunded.
  await plan(journey, faults, (match) => match === calls.createRefund);
  await expectStatus(204, journey.accept(winner));
  await eventually("the loser's refund was asked for", async () => (await refundRequests(journey)) > 0);
  await eventually("the winner's payout was sent", async () => (await paidPayouts()) === 1);

  // The calls that clients wait for.
  const later: string[] = [calls.createRefund, calls.reverseTransfer, lookUps.retrieveTransfer];
  await plan(journey, faults, (match) => !later.includes(match));
  const first = checkoutBody();
  const second = checkoutBody();
  const [start, replace, accept, openAccount] = await Promise.all([
    untilDone(() => journey.startCheckout(started, first, { "Idempotency-Key": "start-1" })),
    untilDone(() => journey.startCheckout(replaced, second)),
    untilDone(() => journey.accept(accepted)),
    untilDone(() => journey.call("POST", "/api/v1/me/payout-account", { token: newcomer.token, body: {} })),
  ]);

  // The calls that follow from it: the payout, and the account's new state.
  await journey.events("deliver");
  await journey.flushEvents();
  await journey.call("POST", localPath(openAccount.at(-1)?.body.data.url), { headers: formHeaders });
  const leftOver = await settle(journey);

  // The calls that take back: the winner's payout and payment, and an open page.
  await plan(journey, faults, (match) => later.includes(match) || match === calls.expireSession);
  const reason = { reason: "The expert fell ill." };
  const refund = await journey.operator("POST", `/testimonies/${winner.testimonyId}/refund`, reason);
  const cancelPath = `/api/v1/testimonies/${started.testimonyId}/cancel`;
  const cancel = await journey.call("POST", cancelPath, { token: client.token, body: {} });
  leftOver.push(...(await settle(journey)));

  return {
    people,
    answers: { start, replace, accept, openAccount },
    statuses: { cancel: cancel.status, refund: refund.status },
    testimonies: {
      started: started.testimonyId,
      replaced: replaced.testimonyId,
      accepted: accepted.testimonyId,
      contested: winner.testimonyId,
    },
    fired: await firedFaults(journey),
    left: leftOver,
  };
}

const formHeaders = { "Content-Type": "application/x-www-form-urlencoded" };

function localPath(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

async function paid<O extends OfferOnTable>(journey: Journey, offer: O): Promise<O & PaidSession> {
  const session = await journey.checkout(offer);
  await expectStatus(303, journey.pay(session));
  return session;
}

/** Returns the account's status as the expert sees it. */
export async function accountStatus(journey: Journey, expert: { token: string }): Promise<string> {
  return (await journey.must(200, "GET", "/me/payout-account", { token: expert.token })).body.data.status;
}

async function refundRequests(journey: Journey): Promise<number> {
  return (await journey.control("GET", "requests?match=POST%20/v1/refunds")).body.requests.length;
}

async function paidPayouts(): Promise<number> {
  const row = await env.DB.prepare("select count(*) as n from payouts where state = 'paid'").first<{ n: number }>();
  return row?.n ?? 0;
}

async function expectStatus(status: number, answer: Promise<Answer>): Promise<void> {
  const { status: given, body } = await answer;
  if (given !== status) throw new Error(`${given} instead of ${status}: ${JSON.stringify(body)}`);
}
