import { selectConnectedAccount } from "../../db/payments/connected-accounts";
import { selectAppOfUser } from "../../db/payments/developers";
import {
  insertPayment,
  loadPayment,
  newPayment,
  type Payment,
  selectPaymentsOfOrder,
} from "../../db/payments/payments";
import { noteStripeObject } from "../../db/stripe-objects";
import { timeOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { type IntentTerms, retrieveIntentTerms } from "../../stripe/payment-intents";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUps, Recovered } from "../follow-ups";
import { checkPayment } from "../payments/check-payment";
import { resumePayment } from "../payments/execute-call";

/**
 * Recovers a payment on a connected account that was made or changed in the lost time. If its row exists, it is checked
 * at Stripe, or its creation is resumed. If not, the row is written again from the PaymentIntent. Returns `taken` if
 * the row has another PaymentIntent, and `nobody` if the shopper or the account is lost. Refuses `stripe_unavailable`.
 */
export async function recoverPayment(deps: Deps, input: FollowUps["recover-payment"]): Promise<Result<Recovered>> {
  const { paymentId, stripeId, stripeAccountId } = input;
  const known = await loadPayment(deps.db, paymentId);
  if (known && known.payment.stripeId === null) {
    for (const { id: effectId, state } of known.effects) {
      if (state !== "open") continue;
      const resumed = await resumePayment(deps, { ...input, effectId });
      if (!resumed.ok && resumed.refusal === "stripe_unavailable") return resumed;
    }
    return success("known");
  }
  if (known && known.payment.stripeId !== stripeId) return success("taken");
  if (known) return checked(deps, input, "known");
  const asked = await retrieveIntentTerms(deps.stripe, { stripeId, stripeAccountId });
  if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);
  const payment = await paymentOf(deps, input, asked.value);
  if (!payment) return success("nobody");
  await appendChange(deps, newPayment(payment), {
    name: "rebuild-payment",
    actor: "operator",
    data: { operator: input.operator, orderId: payment.orderId, stripeId },
    rows: [
      insertPayment(deps.db, payment),
      noteStripeObject(deps.db, stripeId, { aggregateId: paymentId, subjectId: paymentId }),
    ],
  });
  return checked(deps, input, "rebuilt");
}

/** Checks the payment at Stripe. Only a Stripe that does not answer stops the recovery. */
async function checked(
  deps: Deps,
  { developerId, appId, orderId, paymentId }: FollowUps["recover-payment"],
  outcome: Recovered,
): Promise<Result<Recovered>> {
  const result = await checkPayment(deps, { developerId, appId, orderId, paymentId, about: "everything" });
  return result.ok || result.refusal !== "stripe_unavailable" ? success(outcome) : result;
}

/** Returns the payment as it was when it was made; undefined if its shopper or its account is lost as well. */
async function paymentOf(
  deps: Deps,
  { developerId, appId, orderId, paymentId, userId = "", stripeId, stripeAccountId }: FollowUps["recover-payment"],
  { amountMinor, currency, captureMethod, applicationFeeMinor, details }: IntentTerms,
): Promise<Payment | undefined> {
  const [[user], [account], beside] = await deps.db.batch([
    selectAppOfUser(deps.db, { developerId, appId, userId }),
    selectConnectedAccount(deps.db, stripeAccountId),
    selectPaymentsOfOrder(deps.db, { developerId, appId, orderId }),
  ]);
  if (!user || account?.account.developerId !== developerId || orderId === "") return undefined;
  const createdAt = timeOf(paymentId);
  return {
    id: paymentId,
    developerId,
    appId,
    userId,
    orderId,
    accountId: account.account.id,
    stripeAccountId,
    state: "creating",
    captureMethod,
    currency,
    amountMinor,
    applicationFeeMinor,
    ...details,
    live: 1 + Math.max(0, ...beside.map(({ live }) => live ?? 0)),
    stripeId,
    clientSecret: null,
    paymentMethodId: null,
    chargeId: null,
    capturedMinor: 0,
    refundedMinor: 0,
    captureBefore: null,
    warnedAt: null,
    nextAction: null,
    lastError: null,
    dueAt: deps.nowMs(),
    createdAt,
    updatedAt: createdAt,
  };
}
