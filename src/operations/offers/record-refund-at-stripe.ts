import type { Statement } from "../../db/database";
import { type Checkout, loadTestimony, type TestimonyAggregate, updateCheckout } from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import { noteStripeObject } from "../../db/stripe-objects";
import { adjust } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { checkoutMachine, feePollAtMs } from "../../domain/offers/checkout";
import { done, type Result, refuse } from "../../domain/result";
import type { StripeOutcome } from "../../stripe/failure";
import { listRefunds, type RefundFacts, takenMinor } from "../../stripe/refunds";
import { clear, raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUp, FollowUps } from "../follow-ups";
import type { NewEvent } from "../notify";
import { returnedEvent, returnFailedEvent } from "./reserve-refund";

/**
 * Books the out-of-band refunds of a payment. When they have returned everything that we owed, the return is done,
 * until one of them fails: then the amount is owed again. An accepted offer stays accepted, and an operator must look.
 */
export async function recordRefundAtStripe(
  deps: Deps,
  { testimonyId, checkoutId }: FollowUps["record-refund-at-stripe"],
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const checkout = aggregate?.checkouts.find((one) => one.id === checkoutId);
  if (!aggregate || !checkout?.paymentIntentId) return refuse("testimony_unknown");
  const listed = await outsideRefunds(deps, aggregate, checkout);
  if (!listed.ok) return refuse("stripe_unavailable", listed.failure.message);
  const outside = listed.value;

  let position = aggregate;
  let { state } = checkout;
  for (const facts of outside) {
    const posted = await postedFor(deps.db, testimonyId, facts.id);
    const postings = outsideRefundPostings(checkout, facts, posted);
    if (postings.length === 0) continue;
    if (isBooked(facts, posted)) {
      position = await appendChange(deps, position, {
        name: "rebook-refund-at-stripe",
        actor: "stripe",
        data: { checkoutId, stripeId: facts.id, amountMinor: facts.amountMinor },
        rows: [],
        postings,
      });
      continue;
    }
    const isOwedAgain = state === "returned" && facts.status === "failed" && posted.has("client_payable");
    if (isOwedAgain) state = "return_failed";
    position = await appendChange(deps, position, {
      name: "record-refund-at-stripe",
      actor: "stripe",
      data: { checkoutId, stripeId: facts.id, amountMinor: facts.amountMinor, status: facts.status },
      rows: [
        noteStripeObject(deps.db, facts.id, { aggregateId: testimonyId, subjectId: checkoutId }),
        facts.status === "failed"
          ? clear(deps, testimonyId, "stripe", ["refunded_at_stripe"], { aboutId: facts.id })
          : raise(deps, testimonyId, {
              kind: "refunded_at_stripe",
              aboutKind: "refund",
              aboutId: facts.id,
              amountMinor: facts.amountMinor,
              currency: checkout.currency,
            }),
        ...(isOwedAgain ? owedAgain(deps, checkout, facts) : []),
      ],
      postings,
      events: [eventsOf(checkout, facts, isOwedAgain)],
    });
  }
  if (state === "return_failed" && sumOfRefunds(outside) + checkout.refundedMinor >= checkout.totalMinor) {
    await appendChange(deps, position, {
      name: "refund-succeeded",
      actor: "stripe",
      data: { checkoutId },
      rows: [
        updateCheckout(deps.db, checkout, {
          state: enter(checkoutMachine, "return", state, "stripe"),
          dueAt: feePollAtMs(checkout, deps.nowMs()),
        }),
        clear(deps, testimonyId, "stripe", ["refund_failed"], { aboutId: checkoutId }),
      ],
      events: [returnedEvent(checkout, { amountMinor: checkout.totalMinor, reason: "refunded_at_stripe" })],
    });
  }
  if (position !== aggregate) await deps.enqueueCommands(waitingPayouts(aggregate, checkoutId));
  return done;
}

/** Makes the client's notification of an out-of-band refund: the money is back, or the refund has failed after all. */
function eventsOf(
  checkout: Checkout,
  { id: refundId, amountMinor, status }: RefundFacts,
  isOwedAgain: boolean,
): NewEvent {
  const { testimonyId, id: checkoutId, currency, clientId: client } = checkout;
  if (isOwedAgain) return returnFailedEvent(checkout, { id: refundId, amountMinor }, failedAtStripe);
  const type = status === "failed" ? "payment.refund_at_stripe_failed" : "payment.refunded_at_stripe";
  return { type, data: { testimonyId, checkoutId, currency, amountMinor }, to: { client } };
}

const failedAtStripe = "failed_at_stripe";

/**
 * Makes the rows and events of a failed out-of-band refund: the money is with us again, so the return has failed, and
 * an operator must look.
 */
function owedAgain(deps: Deps, checkout: Checkout, { amountMinor }: RefundFacts): Statement[] {
  const { testimonyId, id: aboutId, currency } = checkout;
  return [
    updateCheckout(deps.db, checkout, {
      state: enter(checkoutMachine, "fail-return", "returned", "stripe"),
      dueAt: feePollAtMs(checkout, deps.nowMs()),
    }),
    raise(deps, testimonyId, {
      kind: "refund_failed",
      aboutKind: "checkout",
      ...{ aboutId, amountMinor, currency, note: failedAtStripe },
    }),
  ];
}

/** Lists the commands that check unsent payouts again: the change may hold or release them. */
export function waitingPayouts({ payouts }: TestimonyAggregate, checkoutId: string): FollowUp[] {
  return payouts
    .filter((one) => one.checkoutId === checkoutId && (one.state === "held" || one.state === "due"))
    .map(({ testimonyId, id }) => ({ name: "advance-payout", input: { testimonyId, payoutId: id } }));
}

/** Reads the out-of-band refunds of a payment from Stripe. */
async function outsideRefunds(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
): Promise<StripeOutcome<RefundFacts[]>> {
  const listed = await listRefunds(deps.stripe, checkout.paymentIntentId ?? "");
  if (!listed.ok) return listed;
  const ours = new Set(aggregate.refunds.map((one) => one.id));
  return { ok: true, value: listed.value.filter((one) => one.refundId === undefined || !ours.has(one.refundId)) };
}

/** Sums what the client has received of the refunds, in minor units. */
function sumOfRefunds(refunds: readonly RefundFacts[]): number {
  return refunds.reduce((sum, one) => sum + takenMinor(one), 0);
}

/**
 * Tells whether a refund is booked already, with its present amount: then only who bears it has changed, because the
 * client is to get everything back. The operator was told of it before.
 */
function isBooked(facts: RefundFacts, posted: Awaited<ReturnType<typeof postedFor>>): boolean {
  const goneMinor = takenMinor(facts);
  return goneMinor > 0 && posted.get("stripe_balance") === -goneMinor;
}

/** Makes the postings of an out-of-band refund: from what we owe the client, else at our expense. */
function outsideRefundPostings(checkout: Checkout, facts: RefundFacts, posted: Awaited<ReturnType<typeof postedFor>>) {
  const goneMinor = takenMinor(facts);
  const isOwed = checkout.state === "returning" || checkout.state === "return_failed" || posted.has("client_payable");
  const account = isOwed ? "client_payable" : "refunds_made_at_stripe";
  return adjust({ [account]: goneMinor, stripe_balance: -goneMinor }, posted, checkout.currency, facts.id);
}
