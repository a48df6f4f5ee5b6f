import type { PaymentView } from "../../db/payments/payment-views";
import type { Payment } from "../../db/payments/payments";
import { feeOfCapture } from "../../domain/payments/charge-amount";
import { mayAsk } from "../../domain/payments/payment";
import { type Result, refuse, success } from "../../domain/result";
import type { CaptureOrder } from "../call-params";
import type { Deps } from "../deps";
import type { PaymentKey } from "../follow-ups";
import { requestKey } from "../of-request";
import { isPaidByAnother } from "./orphaned-payment";
import { type Request, requestOfPayment } from "./request-call";

/** Captures an authorization, all or a part, once. The rest is released, and our fee is in proportion. */
export function capturePayment(
  deps: Deps,
  { amountMinor, ...key }: PaymentKey & { amountMinor: number | undefined },
): Promise<Result<PaymentView>> {
  return requestOfPayment(deps, key, "capture-intent", (found) =>
    isPaidByAnother(found) ? refuse("payment_exists") : requestFor(deps, found.payment, amountMinor),
  );
}

function requestFor(deps: Deps, payment: Payment, amountMinor: number | undefined): Result<Request> {
  const isOver = payment.captureBefore !== null && payment.captureBefore <= deps.nowMs();
  if (payment.state === "expired" || (payment.state === "requires_capture" && isOver)) {
    return refuse("authorization_expired");
  }
  const { state, stripeId, stripeAccountId, applicationFeeMinor, currency } = payment;
  if (!mayAsk("capture", state) || stripeId === null) return refuse("state_wrong", wordsFor(state));
  const captured = amountMinor ?? payment.amountMinor;
  if (captured > payment.amountMinor) return refuse("amount_exceeds_authorization");
  const order: CaptureOrder = {
    stripeId,
    stripeAccountId,
    amountMinor: captured,
    applicationFeeMinor:
      applicationFeeMinor === 0 ? null : feeOfCapture(applicationFeeMinor, captured, payment.amountMinor, currency),
    requestKey: requestKey(deps),
  };
  return success({ name: "claim-capture", kind: "capture-intent", order, data: { amountMinor: captured } });
}

function wordsFor(state: Payment["state"]): string {
  return state === "succeeded"
    ? "This PaymentIntent could not be captured because it has already been captured."
    : `This PaymentIntent could not be captured because it has a status of ${state}.`;
}
