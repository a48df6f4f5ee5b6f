import { selectMethodForPayment } from "../../db/payments/payment-methods";
import type { PaymentView } from "../../db/payments/payment-views";
import type { Payment, PaymentAggregate } from "../../db/payments/payments";
import type { MandateAcceptance } from "../../domain/payments/mandate";
import { mayAsk } from "../../domain/payments/payment";
import { type Result, refuse, success } from "../../domain/result";
import type { ConfirmOrder } from "../call-params";
import type { Deps } from "../deps";
import type { PaymentKey } from "../follow-ups";
import { requestKey } from "../of-request";
import { isPaidByAnother } from "./orphaned-payment";
import { errorOf } from "./payment-effects";
import { type Request, requestOfPayment } from "./request-call";

interface Confirmation extends PaymentKey {
  userId: string;
  /** Stripe's id of the method. */
  methodId: string;
  returnUrl: string | undefined;
  /** Absent if the caller did not say that the shopper allowed a debit. */
  mandate?: MandateAcceptance | undefined;
}

/**
 * Tries to pay. The shopper may have to authenticate first (`requires_action`), the bank may need days (`processing`),
 * or the card may be declined: then it may be tried again, with the same or another method.
 */
export function confirmPayment(
  deps: Deps,
  { userId, methodId, returnUrl, mandate, ...key }: Confirmation,
): Promise<Result<PaymentView>> {
  return requestOfPayment(deps, key, "confirm-intent", async (found) => {
    const { payment, orderCancelled } = found;
    if (payment.userId !== userId) return refuse("payment_unknown");
    if (orderCancelled) return refuse("order_cancelled");
    if (isPaidByAnother(found)) return refuse("payment_exists");
    if (!mayAsk("confirm", payment.state)) return refuse("state_wrong", wordsFor(payment.state));
    const method = await methodFor(deps, payment, methodId);
    return method.ok
      ? success(requestFor(deps, payment, method.value, { returnUrl: returnUrl ?? null, ...(mandate && { mandate }) }))
      : method;
  });
}

type Method = Pick<ConfirmOrder, "methodId" | "customerId" | "platformCustomerId" | "storedId">;

/**
 * Finds a stored method of the shopper, or takes the id as one that only Stripe knows. Another shopper's method counts
 * as unknown.
 */
async function methodFor(deps: Deps, payment: Payment, given: string): Promise<Result<Method>> {
  const { stored, isForeign, isGone } = await selectMethodForPayment(deps.db, { userId: payment.userId, given });
  if (isForeign) return refuse("method_unknown");
  if (isGone) return refuse("method_gone");
  if (!stored) return success({ methodId: given, customerId: null, platformCustomerId: null, storedId: null });
  const { id: storedId, stripeId: methodId, stripeAccountId, customerId } = stored;
  if (stripeAccountId === "") return success({ methodId, customerId: null, platformCustomerId: customerId, storedId });
  if (stripeAccountId !== payment.stripeAccountId) return refuse("method_unknown");
  return success({ methodId, customerId, platformCustomerId: null, storedId });
}

/** The inputs of a confirmation beside the method. */
type Said = Pick<ConfirmOrder, "returnUrl" | "mandate">;

function requestFor(deps: Deps, payment: Payment, method: Method, said: Said): Request {
  const { state, stripeId, stripeAccountId, chargeId, lastError } = payment;
  const order: ConfirmOrder = {
    ...method,
    stripeId: stripeId ?? "",
    stripeAccountId,
    ...said,
    before: { status: state, chargeId, error: errorOf(lastError) },
    requestKey: requestKey(deps),
  };
  return { name: "claim-confirmation", kind: "confirm-intent", order, data: { methodId: method.methodId } };
}

/** Returns Stripe's own sentence where it has one, because clients of Stripe know it. */
function wordsFor(state: PaymentAggregate["payment"]["state"]): string {
  return state === "succeeded"
    ? "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
    : `You cannot confirm this PaymentIntent because it has a status of ${state}.`;
}
