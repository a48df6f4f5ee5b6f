import { loadPayment, type PaymentAggregate } from "../../db/payments";
import { mayAsk } from "../../domain/payment";
import { done, type Result, refuse } from "../../domain/result";
import { listConnectedRefunds, retrieveFee } from "../../stripe/connected-refunds";
import { listDisputes } from "../../stripe/disputes";
import type { StripeFailure } from "../../stripe/failure";
import { type IntentFacts, retrieveIntent } from "../../stripe/payment-intents";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { ask, isUncertain } from "./ask";
import { cancellation } from "./cancel-payment";
import type { Told } from "./payment-postings";
import { settlePayment } from "./settle-payment";

type About = Input<"check-payment">["about"];

/**
 * Asks Stripe what has become of a payment, and follows. An event only says that there is something to ask: it may be
 * late, doubled or lost (decisions X12). A payment that its order no longer wants is ended.
 */
export async function checkPayment(deps: Deps, { paymentId, about }: Input<"check-payment">): Promise<Result<null>> {
  const found = await loadPayment(deps.db, paymentId);
  if (!found || found.payment.stripeId === null) return done;
  const told = await askStripe(deps, found, about);
  if ("failure" in told) return refuse("stripe_unavailable", told.failure.message);
  const actor = about === "everything" ? "clock" : "stripe";
  const settled = await settlePayment(deps, found, told, { name: "follow-payment", actor });
  const isWanted = !settled.orderCancelled || isUncertain(settled) || !mayAsk("cancel", settled.payment.state);
  if (isWanted || settled.payment.state === "requires_capture") return done; // an authorisation is released as a refund
  const request = cancellation(settled.payment, null, { reason: "order_cancelled" });
  const ended = await ask(deps, settled, request, { actor: "clock" });
  return ended.ok ? done : ended;
}

async function askStripe(
  deps: Deps,
  { payment, refunds, disputes }: PaymentAggregate,
  about: About,
): Promise<Told | { failure: StripeFailure }> {
  const key = { stripeId: payment.stripeId ?? "", stripeAccountId: payment.stripeAccountId };
  const intent = await retrieveIntent(deps.stripe, key);
  if (!intent.ok) return intent;
  const told: Told = { intent: intent.value };
  const isPaid = intent.value.status === "succeeded";
  const wantsRefunds = about === "refunds" || (about === "everything" && isPaid) || refunds.some(isUnderWay);
  if (wantsRefunds) {
    const listed = await listConnectedRefunds(deps.stripe, key);
    if (!listed.ok) return listed;
    told.refunds = listed.value;
    const fee = await feeOf(deps, intent.value);
    if (fee && !fee.ok) return fee;
    if (fee) told.fee = fee.value;
  }
  const charge = intent.value.charge;
  if (charge && (charge.isDisputed || disputes.length > 0)) {
    const listed = await listDisputes(deps.stripe, charge.id, key.stripeAccountId);
    if (!listed.ok) return listed;
    told.disputes = listed.value;
  }
  return told;
}

function isUnderWay({ state }: { state: string }): boolean {
  return state === "pending";
}

async function feeOf(deps: Deps, { charge }: IntentFacts) {
  return charge?.applicationFeeId ? retrieveFee(deps.stripe, charge.applicationFeeId) : undefined;
}
