import type { Statement } from "../../db/database";
import type { PaymentView } from "../../db/payments/payment-views";
import {
  insertPaymentRefund,
  loadPayment,
  type Payment,
  type PaymentAggregate,
  type PaymentRefund,
  selectPaymentsOfOrder,
  selectRefundsOfOrder,
  updatePayment,
} from "../../db/payments/payments";
import { bucketOf } from "../../domain/id";
import type { Actor } from "../../domain/machine";
import { partProblem } from "../../domain/payments/charge-amount";
import { isLost, lostMinor, mayAsk } from "../../domain/payments/payment";
import { type Result, refuse, success } from "../../domain/result";
import type { ConnectedRefundOrder } from "../../stripe/connected-refunds";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { lostTimeOf } from "../lost-time";
import { askedBy, requestKey, requestKeyAtStripe } from "../of-request";
import { cancellation } from "./cancel-payment";
import { checkRefunds } from "./check-payment";
import { executeCall } from "./execute-call";
import { isUncertain, type Request, requestCall, view } from "./request-call";

type Refunded = { payment: PaymentView; refund: PaymentRefund };

/**
 * Refunds an order's payment, all or a part, or releases an authorization. The refund is a row with an id before Stripe
 * is asked; the sum never exceeds what was captured, whatever runs at the same time.
 */
export async function refundPayment(deps: Deps, input: FollowUps["refund-payment"]): Promise<Result<Refunded>> {
  let { own, refunds } = await ofOrder(deps, input);
  const looked = await lookForForgotten(deps, own);
  if (!looked.ok) return looked;
  if (looked.value > 0) ({ own, refunds } = await ofOrder(deps, input));
  if (own.length === 0) return refuse("order_unknown");
  const earlier = earlierOf(deps, refunds, await requestKeyAtStripe(deps));
  if (earlier === "reused") return refuse("idempotency_key_reused");
  const named = earlier?.paymentId ?? input.paymentId;
  const chosen = own.find(({ id }) => id === named) ?? own.find(isRefundable) ?? own[0];
  const found = chosen && (await loadPayment(deps.db, chosen.id));
  if (!found) return refuse("order_unknown");
  if (input.accountId !== undefined && found.payment.stripeAccountId !== input.accountId) {
    return refuse("terms_differ", undefined, { fields: ["account_id"] });
  }
  if (earlier) return resumeRefund(deps, found, earlier.id, input);
  if (isUncertain(found)) return refuse("payment_uncertain");
  if (mayAsk("release", found.payment.state)) return release(deps, found, input);
  if (isLost(found.payment)) return refuse("account_gone");
  if (!mayAsk("refund", found.payment.state)) return refuse("nothing_refundable");
  return giveBack(deps, found, input);
}

async function ofOrder(deps: Deps, input: FollowUps["refund-payment"]) {
  const [payments, refunds] = await deps.db.batch([
    selectPaymentsOfOrder(deps.db, input),
    selectRefundsOfOrder(deps.db, input),
  ]);
  return { own: payments.filter(({ userId }) => input.userId === undefined || userId === input.userId), refunds };
}

/**
 * After a restore of the database, asks Stripe which refunds of the payments were made in the lost time, because the
 * same request may have been answered then. Returns the number of payments that Stripe was asked about.
 */
async function lookForForgotten(deps: Deps, payments: readonly Payment[]): Promise<Result<number>> {
  let asked = 0;
  for (const payment of payments) {
    if (payment.stripeId === null || !(await lostTimeOf(deps, payment.id))) continue;
    const checked = await checkRefunds(deps, payment);
    if (!checked.ok) return checked;
    asked += 1;
  }
  return success(asked);
}

function isRefundable({ state, capturedMinor, refundedMinor }: Payment): boolean {
  return state === "requires_capture" || (state === "succeeded" && refundedMinor < capturedMinor);
}

/** Returns the refund that this very request wrote down before it was cut off, of whichever of the order's payments. */
function earlierOf(deps: Deps, refunds: readonly PaymentRefund[], keyAtStripe: string | undefined) {
  for (const refund of refunds) {
    const asked = askedBy(deps, refund, keyAtStripe);
    if (asked) return asked === "this" ? refund : asked;
  }
  return undefined;
}

async function resumeRefund(
  deps: Deps,
  found: PaymentAggregate,
  refundId: string,
  input: FollowUps["refund-payment"],
): Promise<Result<Refunded>> {
  const effect = found.effects.find(({ state, subjectId }) => state === "open" && subjectId === refundId);
  if (!effect) return withRefund(found, refundId);
  return answered(await executeCall(deps, found, effect, answering(actorOf(input), refundId)), refundId);
}

async function giveBack(
  deps: Deps,
  found: PaymentAggregate,
  input: FollowUps["refund-payment"],
): Promise<Result<Refunded>> {
  const { payment } = found;
  const leftMinor = Math.max(payment.capturedMinor - payment.refundedMinor - lostMinor(found.disputes), 0);
  const amountMinor = input.amountMinor ?? leftMinor;
  if ((input.seenMinor ?? payment.refundedMinor) !== payment.refundedMinor) return refuse("refunded_since");
  if (leftMinor === 0) return refuse("nothing_refundable");
  if (amountMinor > leftMinor) return refuse("amount_exceeds_refundable", undefined, { refundable: leftMinor });
  const problem = partProblem(amountMinor, payment.currency);
  if (problem !== undefined && amountMinor < leftMinor) return refuse("amount_refused", `amount ${problem}`);
  const refund = newRefund(deps, payment, { kind: "refund", amountMinor, reason: input.reason });
  const order: ConnectedRefundOrder = {
    refundId: refund.id,
    paymentId: payment.id,
    stripeId: payment.stripeId ?? "",
    stripeAccountId: payment.stripeAccountId,
    amountMinor,
    returnsFee: payment.applicationFeeMinor > 0,
    requestKey: await requestKeyAtStripe(deps),
  };
  const refundedMinor = payment.refundedMinor + amountMinor;
  const rows = [
    insertPaymentRefund(deps.db, refund),
    updatePayment(deps.db, payment.id, { refundedMinor, updatedAt: deps.nowMs() }),
  ];
  const withRefund = { ...found, payment: { ...payment, refundedMinor }, refunds: [...found.refunds, refund] };
  return reserveAndExecute(
    deps,
    withRefund,
    refund,
    { name: "claim-refund", kind: "create-payment-refund", order, rows },
    input,
  );
}

/** Releases a whole authorization. Nothing was captured, so Stripe makes no refund object. */
async function release(
  deps: Deps,
  found: PaymentAggregate,
  input: FollowUps["refund-payment"],
): Promise<Result<Refunded>> {
  const { payment } = found;
  const amountMinor = input.amountMinor ?? payment.amountMinor;
  if (amountMinor > payment.amountMinor) {
    return refuse("amount_exceeds_refundable", undefined, { refundable: payment.amountMinor });
  }
  if (amountMinor < payment.amountMinor) {
    return refuse("state_wrong", "Nothing was captured yet: capture the part that you want to keep instead.");
  }
  const refund = newRefund(deps, payment, { kind: "release", amountMinor, reason: input.reason });
  const withRefund = { ...found, refunds: [...found.refunds, refund] };
  const request = cancellation(payment, null, { refundId: refund.id });
  const rows: Statement[] = [insertPaymentRefund(deps.db, refund)];
  return reserveAndExecute(deps, withRefund, refund, { ...request, name: "claim-release", rows }, input);
}

async function reserveAndExecute(
  deps: Deps,
  withClaimed: PaymentAggregate,
  refund: PaymentRefund,
  request: Request,
  input: FollowUps["refund-payment"],
): Promise<Result<Refunded>> {
  const { id: refundId, amountMinor, reason, currency } = refund;
  const { operator } = input;
  const data = { refundId, amountMinor, reason, ...(operator === undefined ? {} : { operator }) };
  const object = withClaimed.payment.stripeId ?? "";
  deps.rehearsal?.steps.push({ call: request.kind, object, amountMinor, currency });
  const whole = { ...request, subjectId: refundId, data };
  return answered(await requestCall(deps, withClaimed, whole, answering(actorOf(input), refundId)), refundId);
}

function newRefund(
  deps: Deps,
  payment: Payment,
  terms: Pick<PaymentRefund, "kind" | "amountMinor" | "reason">,
): PaymentRefund {
  return {
    paymentId: payment.id,
    id: deps.newId(bucketOf(payment.id)),
    appId: payment.appId,
    ...terms,
    state: "claimed",
    currency: payment.currency,
    stripeId: null,
    failure: null,
    pendingReason: null,
    requestKey: requestKey(deps),
    createdAt: deps.nowMs(),
  };
}

function actorOf({ userId, operator }: FollowUps["refund-payment"]): Actor {
  if (operator !== undefined) return "operator";
  return userId === undefined ? "clock" : "developer";
}

function answering(actor: Actor, refundId: string) {
  return { actor, answer: (after: PaymentAggregate) => withRefund(after, refundId) };
}

function answered(result: Result<PaymentAggregate>, refundId: string): Result<Refunded> {
  return result.ok ? withRefund(result.value, refundId) : result;
}

function withRefund(after: PaymentAggregate, refundId: string): Result<Refunded> {
  const refund = after.refunds.find(({ id }) => id === refundId);
  if (!refund) return refuse("refund_unknown");
  // Somebody captured before the release: nothing was returned.
  return refund.state === "failed" && refund.kind === "release"
    ? refuse("state_wrong", "The payment was captured meanwhile.")
    : success({ payment: view(after), refund });
}
