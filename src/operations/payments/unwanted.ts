import type { Payment, PaymentAggregate, PaymentRefund } from "../../db/payments";
import { mayAsk } from "../../domain/payment";
import { failure } from "../../stripe/failure";
import type { IntentFacts } from "../../stripe/payment-intents";
import type { Command } from "../commands";
import type { EffectKind } from "../effects";

const reason = "order_cancelled";

/** What a cancelled order's payment is ended by: at once, and after this long should that request be lost. */
export const unwantedLookMs = 60_000;

/**
 * What a payment needs whose order was cancelled: money that came all the same goes back, an authorisation is released,
 * and what could still be paid is ended (payments.md F15). A refund is tried once: what Stripe refuses to give back is told
 * to the developer, and not tried for ever.
 */
export function endingOf(
  payment: Payment,
  { orderCancelled, refunds }: Pick<PaymentAggregate, "orderCancelled"> & { refunds: readonly PaymentRefund[] },
): Command | undefined {
  if (!orderCancelled) return undefined;
  const { developerId, appId, orderId, state } = payment;
  const key = { developerId, appId, orderId };
  const hasMoney = state === "succeeded" && payment.refundedMinor < payment.capturedMinor;
  if (hasMoney || state === "requires_capture") {
    if (refunds.some(isTried)) return undefined;
    const input = { ...key, userId: undefined, accountId: undefined, amountMinor: undefined, reason };
    return { name: "refund-payment", input };
  }
  if (!mayAsk("cancel", state)) return undefined;
  return { name: "check-payment", input: { ...key, paymentId: payment.id, about: "everything" } };
}

/** A release that came too late leaves money to give back. */
function isTried({ reason: given, kind, state }: PaymentRefund): boolean {
  return given === reason && !(kind === "release" && state === "failed");
}

/** A call for a payment whose order was cancelled is not sent: whether Stripe has done it already is all that is asked. */
export function unlessUnwanted(
  { orderCancelled }: Pick<PaymentAggregate, "orderCancelled">,
  kind: EffectKind<IntentFacts>,
): EffectKind<IntentFacts> {
  if (!orderCancelled) return kind;
  return {
    ...kind,
    async call(deps, effect) {
      const found = await kind.find(deps, effect);
      if (!found.ok) return found;
      if (found.value) return { ok: true, value: found.value };
      return { ok: false, failure: failure("not_wanted", "The order was cancelled before Stripe was asked.") };
    },
  };
}
