import { selectPaymentByStripeId } from "../../db/payments/payment-views";
import type { StoredEvent } from "../../db/stripe-events";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { idOf, objectOf } from "./event-object";
import { performForEvent } from "./perform-for-event";

/**
 * Processes an event about a payment on a connected account. The account and the PaymentIntent's id are matched with
 * our row, never the metadata. Returns the payment's id; undefined if it is none of ours.
 */
export async function processPaymentEvent(deps: Deps, event: StoredEvent): Promise<string | undefined> {
  const object = objectOf(event);
  const paymentIntentId = event.type.startsWith("payment_intent.") ? object.id : idOf(object.payment_intent);
  if (paymentIntentId === undefined) return undefined;
  const [[found]] = await deps.db.batch([selectPaymentByStripeId(deps.db, paymentIntentId)]);
  if (!found || found.payment.stripeAccountId !== event.account) return undefined;
  const { id: paymentId, developerId, appId, orderId } = found.payment;
  const input = { developerId, appId, orderId, paymentId, about: aboutOf(event.type) };
  await performForEvent(deps, { name: "check-payment", input });
  return paymentId;
}

function aboutOf(type: string): FollowUps["check-payment"]["about"] {
  if (type.startsWith("charge.dispute.")) return "disputes";
  return type.startsWith("payment_intent.") ? "intent" : "refunds";
}
