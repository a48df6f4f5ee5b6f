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

/** Why a payment is looked at, and what else belongs into the change. */
export interface Cause {
  name: string;
  actor: Actor;
  data?: Record<string, unknown>;
  rows?: readonly Statement[];
  /** The card was refused just now. */
  declined?: Decline;
  /** Stripe would not make it. */
  refused?: true;
  /** The account is gone: what may still have come of the payment or not, Stripe shows us no more. */
  gone?: true;
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

/** When to look next is no change: nobody is told, and the journal does not grow with every look. */
function nextLook({ db }: Deps, before: Payment, { id, dueAt }: Payment): Statement[] {
  return before.dueAt === dueAt ? [] : [updatePayment(db, id, { dueAt })];
}

/** Asks for the payment's end. Where nothing is new, the first request for money to go back may have been lost. */
async function endUnwanted(deps: Deps, settled: PaymentAggregate, { isNews }: { isNews: boolean }): Promise<void> {
  const ending = endingOf(settled.payment, settled);
  if (ending && (isNews || ending.name === "refund-payment")) await deps.nudge([ending]);
}
