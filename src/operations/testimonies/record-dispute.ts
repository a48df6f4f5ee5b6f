import type { Statement } from "../../db/database";
import { postedFor } from "../../db/postings";
import { noteStripeObject } from "../../db/stripe-objects";
import { loadTestimony, saveDispute, type Testimony, updateTestimony } from "../../db/testimonies";
import { adjust } from "../../domain/ledger";
import { done, type Result, refuse } from "../../domain/result";
import { type DisputeFacts, retrieveDispute } from "../../stripe/disputes";
import { record } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/**
 * Books a dispute as Stripe has it now (decisions O14): withheld while it is open, lost for good, or back with us. The
 * books follow by the difference, so events may come twice and in any order. An open dispute holds an unsent payout.
 */
export async function recordDispute(
  deps: Deps,
  { testimonyId, disputeId }: Input<"record-dispute">,
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
  const isNews = known?.state !== facts.state;
  if (postings.length === 0 && !isNews) return done;

  const ids = { testimonyId, checkoutId: checkout.id, disputeId };
  await record(deps, aggregate, {
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
      ...attention(deps, aggregate.testimony, facts.state),
    ],
    postings,
    events: isNews ? [eventOf(facts, ids)] : [],
  });
  const waiting = aggregate.payouts.filter((one) => one.state === "held" || one.state === "due");
  await deps.nudge(
    waiting.map((one) => ({ name: "advance-payout" as const, input: { testimonyId, payoutId: one.id } })),
  );
  return done;
}

/** Where the money of the dispute is, as Stripe has it now. */
function withheld({ state, withheldMinor, feeMinor }: DisputeFacts) {
  const account = state === "lost" ? "dispute_losses" : "disputed_funds";
  return { [account]: withheldMinor, stripe_fees: feeMinor, stripe_balance: -(withheldMinor + feeMinor) };
}

function eventOf({ state, currency, amountMinor }: DisputeFacts, ids: Record<string, string>) {
  const type = state === "open" ? ("payment.disputed" as const) : ("payment.dispute_closed" as const);
  return { type, data: { ...ids, state, currency, amountMinor } };
}

/** Says that a dispute wants an operator, or no longer does; what else wants one stays. */
function attention(deps: Deps, { id, needsAttention }: Testimony, state: DisputeFacts["state"]): Statement[] {
  if (needsAttention !== null && !needsAttention.startsWith("dispute_")) return [];
  return [updateTestimony(deps.db, id, { needsAttention: state === "won" ? null : `dispute_${state}` })];
}
