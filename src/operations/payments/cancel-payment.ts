import type { PaymentView } from "../../db/payments/payment-views";
import type { Payment } from "../../db/payments/payments";
import { mayAsk } from "../../domain/payments/payment";
import { type Result, refuse, success } from "../../domain/result";
import type { CancelOrder } from "../call-params";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { requestKey } from "../of-request";
import { type Request, requestOfPayment } from "./request-call";

/**
 * Cancels a payment that has brought no money; an authorization is released (src/guides/decisions.md#delayed-capture).
 */
export function cancelPayment(
  deps: Deps,
  { reason, ...key }: FollowUps["cancel-payment"],
): Promise<Result<PaymentView>> {
  return requestOfPayment(deps, key, "cancel-intent", ({ payment }) => {
    if (mayAsk("cancel", payment.state)) return success(cancellation(payment, requestKey(deps), { reason }));
    return refuse("state_wrong", `You cannot cancel this PaymentIntent because it has a status of ${payment.state}.`);
  });
}

/** Makes the request to Stripe that cancels a payment, whatever the reason. */
export function cancellation(
  { stripeId, stripeAccountId }: Payment,
  key: string | null,
  data: Record<string, unknown>,
): Request {
  const order: CancelOrder = { stripeId: stripeId ?? "", stripeAccountId, requestKey: key };
  return { name: "claim-cancellation", kind: "cancel-intent", order, data };
}
