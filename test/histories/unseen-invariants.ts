import { unpaid } from "../../src/db/payment-tables";
import type { Invariant } from "./invariants";
import type { Picture } from "./picture";

/*
 * Nothing that is not final waits unseen, after every step: the clock takes it up again, or it stands, or stood until
 * somebody saw it, on the list of what waits for a person.
 */

/** What has a time at which the clock looks again, by the states in which it must. */
const moving = {
  checkouts: ["claimed", "open", "processing", "returning"],
  payouts: ["due", "held", "sending", "reversing"],
  refunds: ["claimed", "pending"],
} as const;

const stillMoves: Invariant = ({ rows }) => [
  ...Object.entries(moving).flatMap(([table, states]) =>
    rows[table as keyof typeof moving]
      .filter(({ state, dueAt }) => (states as readonly string[]).includes(state) && dueAt === null)
      .filter(({ testimonyId }) => !isCarriedOn(rows, testimonyId))
      .map(({ id, state }) => `${table} ${id} is ${state}, and nobody looks again`),
  ),
  ...rows.payments
    .filter(({ state, dueAt }) =>
      isUnpaid(state) || state === "creating" || state === "processing" ? dueAt === null : false,
    )
    .filter(({ id }) => !isCarriedOn(rows, id))
    .map(({ id, state }) => `payment ${id} is ${state}, and nobody looks again`),
  ...rows.effects
    .filter(({ state, dueAt }) => state === "open" && dueAt === null)
    .map(({ id, kind }) => `${kind} ${id} is open, and nobody looks again`),
  ...rows.events
    .filter(({ state, dueAt }) => state === "received" && dueAt === null)
    .map(({ id }) => `event ${id} is received, and nobody looks again`),
];

/** What failed for good has called somebody. */
const failuresAreShown: Invariant = ({ rows }) => [
  ...rows.payouts
    .filter(({ state, id }) => state === "failed" && !wasShown(rows, "payout_failed", id))
    .map(({ id }) => `payout ${id} has failed, and nobody was called`),
  ...rows.checkouts
    .filter(({ state, id }) => state === "return_failed" && !wasShown(rows, "refund_failed", id))
    .map(({ id }) => `checkout ${id} was not returned, and nobody was called`),
  ...rows.paymentDisputes
    .filter(({ state, stripeId }) => state === "open" && !wasShown(rows, "dispute_open", stripeId))
    .map(({ stripeId }) => `dispute ${stripeId} is open, and nobody was called`),
];

function isUnpaid(state: string): boolean {
  return unpaid.includes(`'${state}'`);
}

/** Whether something else of the aggregate is looked at again, on whose end the rest waits: a reversal before the refund. */
function isCarriedOn({ effects, payouts, refunds }: Picture["rows"], aggregateId: string): boolean {
  return (
    effects.some((one) => one.state === "open" && one.aggregateId === aggregateId) ||
    [...payouts, ...refunds].some((one) => one.testimonyId === aggregateId && one.dueAt !== null)
  );
}

function wasShown({ attention }: Picture["rows"], kind: string, aboutId: string): boolean {
  return attention.some((one) => one.kind === kind && one.aboutId === aboutId);
}

export const always: Record<string, Invariant> = { stillMoves, failuresAreShown };
