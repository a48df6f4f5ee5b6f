import { type Statement, write } from "../../db/database";
import type { PaymentError } from "../../db/payment-tables";
import { type Payment, type PaymentAggregate, updatePayment } from "../../db/payments";
import type { Actor } from "../../domain/machine";
import type { Result } from "../../domain/result";
import { record } from "../change";
import type { Deps } from "../deps";
import { changedRows } from "./changed-rows";
import { newsOf, type Picture } from "./payment-news";
import { paymentPostings, type Told } from "./payment-postings";
import { pictureAfter } from "./picture-after";
import { endingOf } from "./unwanted";

/** Why a payment is looked at, and what else belongs into the change. */
export interface Cause {
  name: string;
  actor: Actor;
  data?: Record<string, unknown>;
  rows?: readonly Statement[];
  /** The card was refused just now. */
  declined?: PaymentError;
  /** Stripe would not make it. */
  refused?: true;
  /** A refund that Stripe would not make, and its reason. */
  refusedRefund?: { id: string; failure: string };
  /** The answer to remember, if this is what a request asked for. */
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/**
 * Brings a payment to what Stripe has told: its state, its refunds and disputes, the books, and who hears of it, in one
 * change. Whoever asked — the caller of a verb, an event, the clock — passes here, so facts may come twice and in any
 * order. Nothing is written when nothing is new.
 */
export async function settlePayment(
  deps: Deps,
  aggregate: PaymentAggregate,
  told: Told,
  cause: Cause,
): Promise<PaymentAggregate> {
  const before: Picture = aggregate;
  const after = pictureAfter(deps, aggregate, told, cause);
  const rows = [...changedRows(deps, before, after), ...(cause.rows ?? [])];
  const postings = paymentPostings(aggregate, told);
  const events = newsOf(before, after, { declined: cause.declined !== undefined });
  const settled = { ...aggregate, ...after };
  if (rows.length === 0 && postings.length === 0 && events.length === 0) {
    await lookAgain(deps, aggregate.payment, after.payment);
    return settled;
  }
  const position = await record(deps, aggregate, {
    name: cause.name,
    actor: cause.actor,
    data: { state: after.payment.state, ...cause.data },
    rows,
    postings,
    events,
    ...(cause.answer ? { answer: cause.answer(settled) } : {}),
  });
  const ending = endingOf(settled.payment, settled);
  if (ending) await deps.nudge([ending]);
  return { ...settled, version: position.version, sequence: position.sequence };
}

/** When to look next is no change: nobody is told, and the journal does not grow with every look. */
async function lookAgain(deps: Deps, before: Payment, { id, dueAt }: Payment): Promise<void> {
  if (before.dueAt !== dueAt) await write(deps.db, [updatePayment(deps.db, id, { dueAt })]);
}
