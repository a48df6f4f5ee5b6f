import type { Memory } from "./remembered";

import type { Snapshot } from "./snapshot";

type Stripe = Snapshot["stripe"];

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

/** Returns the facts of a state that the next check needs. */
export function remember({ rows, stripe, memory, dueRows }: Snapshot): Memory {
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

export function acceptancesOf({ journal }: Snapshot["rows"]): Snapshot["rows"]["journal"] {
  return journal.filter(({ name }) => name === "accept-offer");
}

/** Computes the rest of a charge: refunds count unless they failed, disputes by what they withhold or have taken. */
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
