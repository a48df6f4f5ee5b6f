import { type Statement, write } from "../../db/database";
import { type Payment, type PaymentAggregate, updatePayment } from "../../db/payments/payments";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Cause } from "./cause";

import { changedRows, isChanged } from "./changed-rows";
import { cancellationOf } from "./orphaned-payment";
import { attentionRows } from "./payment-attention";
import { eventsOf, type PaymentRows } from "./payment-events";
import { paymentPostings, type StripeSnapshot } from "./payment-postings";
import { placeRows, supersededBy } from "./places";
import { reducePayment } from "./reduce-payment";
import { withFee } from "./with-fee";

/**
 * Brings a payment to what Stripe reports: its state, its refunds and disputes, the postings and the events, in one
 * change. All sources (a request, an event, the clock) use this function, so facts may come twice and in any order.
 * Nothing is written if nothing is new.
 */
export async function settlePayment(
  deps: Deps,
  aggregate: PaymentAggregate,
  answered: StripeSnapshot,
  cause: Cause,
): Promise<PaymentAggregate> {
  const snapshot = await withFee(deps, aggregate, answered);
  const before: PaymentRows = aggregate;
  const after = reducePayment(deps, aggregate, snapshot, cause);
  const rows = [
    ...changedRows(deps, before, after),
    ...placeRows(deps, aggregate, after),
    ...attentionRows(deps, aggregate, after),
    ...(cause.rows ?? []),
  ];
  const look = nextPoll(deps, aggregate.payment, after.payment);
  const postings = paymentPostings(aggregate, snapshot);
  const { beside } = aggregate;
  const events = eventsOf(before, after, { declined: cause.declined !== undefined, beside });
  const settled = { ...aggregate, ...after };
  if (rows.length === 0 && postings.length === 0 && events.length === 0) {
    await write(deps.db, look);
    await endOrphaned(deps, settled, { isNew: false });
    return settled;
  }
  const position = await appendChange(deps, aggregate, {
    name: cause.name,
    actor: cause.actor,
    data: { state: after.payment.state, ...cause.data },
    rows: isChanged(aggregate.payment, after.payment) ? rows : [...rows, ...look],
    postings,
    events,
    ...(cause.answer ? { answer: cause.answer(settled) } : {}),
  });
  await endOrphaned(deps, settled, { isNew: true });
  await deps.enqueueCommands(supersededBy(aggregate, after));
  return { ...settled, version: position.version, sequence: position.sequence };
}

/**
 * Writes the time of the next check. This is no change: nothing is published, and the journal does not grow with every
 * check.
 */
function nextPoll({ db }: Deps, before: Payment, { id, dueAt }: Payment): Statement[] {
  return before.dueAt === dueAt ? [] : [updatePayment(db, id, { dueAt })];
}

/**
 * Enqueues the command that ends a payment. If nothing is new, the first such command for a refund may have been lost.
 */
async function endOrphaned(deps: Deps, settled: PaymentAggregate, { isNew }: { isNew: boolean }): Promise<void> {
  const ending = cancellationOf(settled.payment, settled);
  if (ending && (isNew || ending.name === "refund-payment")) await deps.enqueueCommands([ending]);
}
