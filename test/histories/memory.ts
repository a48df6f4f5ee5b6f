import type { DueRow } from "./due-rows";
import type { Picture } from "./picture";

type Stripe = Picture["stripe"];

/** What was true before a step, as far as what follows is judged by it. */
export interface Memory {
  /** What was left of each charge of the platform, by its id. */
  left: Map<string, number>;
  transfers: Set<string>;
  /** Testimonies that had been accepted. */
  accepted: Set<string>;
  /** Refunds that have ever been seen as succeeded, on connected accounts too. */
  onceSucceeded: Set<string>;
  /** Refunds of payments that we knew had failed. */
  knownToHaveFailed: Set<string>;
  dueRows: DueRow[];
  nowMs: number;
}

export function nothingRemembered(): Memory {
  return {
    left: new Map(),
    transfers: new Set(),
    accepted: new Set(),
    onceSucceeded: new Set(),
    knownToHaveFailed: new Set(),
    dueRows: [],
    nowMs: 0,
  };
}

/** What is to be remembered of a picture when the next is looked at. */
export function remember({ rows, stripe, memory, dueRows }: Picture): Memory {
  const succeeded = [...stripe.refunds, ...stripe.connected.refunds].filter(({ status }) => status === "succeeded");
  return {
    left: new Map(stripe.charges.map(({ id }) => [id, leftOf(stripe, id)])),
    transfers: new Set(stripe.transfers.map(({ id }) => id)),
    accepted: new Set(acceptancesOf(rows).map(({ aggregateId }) => aggregateId)),
    onceSucceeded: new Set([...memory.onceSucceeded, ...succeeded.map(({ id }) => id)]),
    knownToHaveFailed: new Set(
      rows.paymentRefunds.flatMap((one) => (one.state === "failed" ? (one.stripeId ?? []) : [])),
    ),
    dueRows,
    nowMs: stripe.nowMs,
  };
}

export function acceptancesOf({ journal }: Picture["rows"]): Picture["rows"]["journal"] {
  return journal.filter(({ name }) => name === "accept-offer");
}

/** What of a charge has not gone back: refunds count unless they failed, disputes by what they withhold or have taken. */
export function leftOf(stripe: Stripe, chargeId: string): number {
  const captured = stripe.charges.find(({ id }) => id === chargeId)?.amount_captured ?? 0;
  const refunded = stripe.refunds
    .filter((one) => one.charge === chargeId && one.status !== "failed" && one.balance_transaction !== null)
    .reduce((sum, { amount }) => sum + amount, 0);
  const withheld = stripe.disputes
    .filter(({ charge }) => charge === chargeId)
    .flatMap((one) => one.balance_transactions)
    .reduce((sum, { amount }) => sum - amount, 0);
  return captured - refunded - withheld;
}
