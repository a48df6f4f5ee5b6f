import { type Statement, write } from "../../db/database";
import { type Payment, type PaymentAggregate, updatePayment } from "../../db/payments";
import type { Actor } from "../../domain/machine";
import type { Result } from "../../domain/result";
import { record } from "../change";
import type { Deps } from "../deps";
import type { Decline } from "./carry-out-confirmation";
import { changedRows, isChanged } from "./changed-rows";
import { attentionRows } from "./payment-attention";
import { newsOf, type Picture } from "./payment-news";
import { paymentPostings, type Told } from "./payment-postings";
import { pictureAfter } from "./picture-after";
import { placeRows, supersededBy } from "./places";
import { endingOf } from "./unwanted";
import { withFee } from "./with-fee";

/** The reason for which a payment is settled, and what else belongs into the change. */
export interface Cause {
  name: string;
  actor: Actor;
  data?: Record<string, unknown>;
  rows?: readonly Statement[];
  /** The card was declined by this call. */
  declined?: Decline;
  /** Stripe refused to make the PaymentIntent. */
  refused?: true;
  /** The account is gone: Stripe does not show us any more what becomes of the payment. */
  gone?: true;
  /** A refund that Stripe refused, and its reason. */
  refusedRefund?: { id: string; failure: string };
  /** The answer to store, if this change answers a request. */
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/**
 * Brings a payment to what Stripe reports: its state, its refunds and disputes, the postings and the events, in one
 * change. All sources (a request, an event, the clock) use this function, so facts may come twice and in any order.
 * Nothing is written if nothing is new.
 */
export async function settlePayment(
  deps: Deps,
  aggregate: PaymentAggregate,
  answered: Told,
  cause: Cause,
): Promise<PaymentAggregate> {
  const told = await withFee(deps, aggregate, answered);
  const before: Picture = aggregate;
  const after = pictureAfter(deps, aggregate, told, cause);
  const rows = [
    ...changedRows(deps, before, after),
    ...placeRows(deps, aggregate, after),
    ...attentionRows(deps, aggregate, after),
    ...(cause.rows ?? []),
  ];
  const look = nextLook(deps, aggregate.payment, after.payment);
  const postings = paymentPostings(aggregate, told);
  const { beside } = aggregate;
  const events = newsOf(before, after, { declined: cause.declined !== undefined, beside });
  const settled = { ...aggregate, ...after };
  if (rows.length === 0 && postings.length === 0 && events.length === 0) {
    await write(deps.db, look);
    await endUnwanted(deps, settled, { isNews: false });
    return settled;
  }
  const position = await record(deps, aggregate, {
    name: cause.name,
    actor: cause.actor,
    data: { state: after.payment.state, ...cause.data },
    rows: isChanged(aggregate.payment, after.payment) ? rows : [...rows, ...look],
    postings,
    events,
    ...(cause.answer ? { answer: cause.answer(settled) } : {}),
  });
  await endUnwanted(deps, settled, { isNews: true });
  await deps.nudge(supersededBy(aggregate, after));
  return { ...settled, version: position.version, sequence: position.sequence };
}

/**
 * Writes the time of the next check. This is no change: nothing is published, and the journal does not grow with every
 * check.
 */
function nextLook({ db }: Deps, before: Payment, { id, dueAt }: Payment): Statement[] {
  return before.dueAt === dueAt ? [] : [updatePayment(db, id, { dueAt })];
}

/**
 * Enqueues the command that ends a payment. If nothing is new, the first such command for a refund may have been lost.
 */
async function endUnwanted(deps: Deps, settled: PaymentAggregate, { isNews }: { isNews: boolean }): Promise<void> {
  const ending = endingOf(settled.payment, settled);
  if (ending && (isNews || ending.name === "refund-payment")) await deps.nudge([ending]);
}
