import type { PaymentAggregate } from "../../db/payments/payments";
import { listConnectedRefunds, retrieveFee } from "../../stripe/connected-refunds";
import { listDisputes } from "../../stripe/disputes";
import type { StripeOutcome } from "../../stripe/failure";
import { type IntentFacts, retrieveIntent } from "../../stripe/payment-intents";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import type { StripeSnapshot } from "./payment-postings";

/** Reads from Stripe the PaymentIntent of a payment, and all refunds or disputes if they may have changed. */
export async function pollStripe(
  deps: Deps,
  { payment, refunds, disputes }: PaymentAggregate,
  about: Input<"check-payment">["about"],
): Promise<StripeOutcome<StripeSnapshot>> {
  const key = { stripeId: payment.stripeId ?? "", stripeAccountId: payment.stripeAccountId };
  const intent = await retrieveIntent(deps.stripe, key);
  if (!intent.ok) return intent;
  const snapshot: StripeSnapshot = { intent: intent.value };
  const isPaid = intent.value.status === "succeeded";
  const wantsRefunds = about === "refunds" || (about === "everything" && isPaid) || refunds.some(isUnderWay);
  if (wantsRefunds) {
    const listed = await listConnectedRefunds(deps.stripe, key);
    if (!listed.ok) return listed;
    snapshot.refunds = listed.value;
    const fee = await feeOf(deps, intent.value);
    if (fee && !fee.ok) return fee;
    if (fee) snapshot.fee = fee.value;
  }
  const charge = intent.value.charge;
  if (charge && (charge.isDisputed || disputes.length > 0)) {
    const listed = await listDisputes(deps.stripe, charge.id, key.stripeAccountId);
    if (!listed.ok) return listed;
    snapshot.disputes = listed.value;
  }
  return { ok: true, value: snapshot };
}

function isUnderWay({ state }: { state: string }): boolean {
  return state === "pending";
}

async function feeOf(deps: Deps, { charge }: IntentFacts) {
  return charge?.applicationFeeId ? retrieveFee(deps.stripe, charge.applicationFeeId) : undefined;
}
