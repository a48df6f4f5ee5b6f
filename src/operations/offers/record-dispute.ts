import type { Statement } from "../../db/database";
import { loadTestimony, saveDispute } from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import { noteStripeObject } from "../../db/stripe-objects";
import { adjust } from "../../domain/ledger";
import { done, type Result, refuse } from "../../domain/result";
import { type DisputeFacts, retrieveDispute } from "../../stripe/disputes";
import { clear, raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import type { NewEvent } from "../notify";
import { waitingPayouts } from "./record-refund-at-stripe";

/**
 * Books a dispute in its present state at Stripe: withheld while it is open, lost for good, or returned to us. Only the
 * difference is posted, so events may come twice and in any order. An open dispute holds an unsent payout.
 */
export async function recordDispute(
  deps: Deps,
  { testimonyId, disputeId }: FollowUps["record-dispute"],
): Promise<Result<null>> {
  const asked = await retrieveDispute(deps.stripe, disputeId);
  if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);
  const facts = asked.value;
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const checkout = aggregate?.checkouts.find((one) => one.chargeId === facts.chargeId);
  if (!aggregate || !checkout) return refuse("testimony_unknown");

  const known = aggregate.disputes.find((one) => one.stripeId === disputeId);
  const posted = await postedFor(deps.db, testimonyId, disputeId);
  const postings = adjust(withheld(facts), posted, facts.currency, disputeId);
  const isNew = known?.state !== facts.state;
  if (postings.length === 0 && !isNew) return done;

  const ids = { testimonyId, checkoutId: checkout.id, disputeId };
  // A payment that accepted no offer concerns no expert.
  const payout = aggregate.payouts.find((one) => one.checkoutId === checkout.id);
  await appendChange(deps, aggregate, {
    name: "record-dispute",
    actor: "stripe",
    data: { ...ids, state: facts.state, withheldMinor: facts.withheldMinor },
    rows: [
      saveDispute(deps.db, {
        testimonyId,
        stripeId: disputeId,
        checkoutId: checkout.id,
        state: facts.state,
        currency: facts.currency,
        amountMinor: facts.amountMinor,
        feeMinor: facts.feeMinor,
        createdAt: deps.nowMs(),
      }),
      noteStripeObject(deps.db, disputeId, { aggregateId: testimonyId, subjectId: checkout.id }),
      ...attention(deps, testimonyId, facts),
    ],
    postings,
    events: isNew ? [eventsOf(facts, ids, payout?.expertId ?? null)] : [],
  });
  const input = { testimonyId, checkoutId: checkout.id, by: { actor: "clock" } } as const;
  const waitsForEnd = checkout.state === "returning" && facts.state !== "open";
  await deps.enqueueCommands([
    ...waitingPayouts(aggregate, checkout.id),
    ...(waitsForEnd ? [{ name: "accept-offer" as const, input }] : []),
  ]);
  return done;
}

/** Returns the amounts per account that a dispute should have in the ledger. */
function withheld({ state, withheldMinor, feeMinor }: DisputeFacts) {
  const account = state === "lost" ? "dispute_losses" : "disputed_funds";
  return { [account]: withheldMinor, stripe_fees: feeMinor, stripe_balance: -(withheldMinor + feeMinor) };
}

function eventsOf(
  { state, currency, amountMinor }: DisputeFacts,
  ids: Record<string, string>,
  expert: string | null,
): NewEvent {
  const type = state === "open" ? "payment.disputed" : "payment.dispute_closed";
  return { type, data: { ...ids, state, currency, amountMinor }, to: { expert } };
}

/** Raises a dispute for an operator until it is won; a lost one until somebody has decided what follows. */
function attention(deps: Deps, testimonyId: string, facts: DisputeFacts): Statement[] {
  const { id: aboutId, state, amountMinor, currency, dueByMs } = facts;
  const dueBy = state === "open" ? dueByMs : null;
  const cleared = clear(deps, testimonyId, "stripe", state === "open" ? ["dispute_lost"] : ["dispute_open"], {
    aboutId,
  });
  if (state === "won") return [cleared, clear(deps, testimonyId, "stripe", ["dispute_lost"], { aboutId })];
  return [
    cleared,
    raise(deps, testimonyId, { kind: `dispute_${state}`, aboutKind: "dispute", aboutId, amountMinor, currency, dueBy }),
  ];
}
