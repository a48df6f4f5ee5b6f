import { type ConnectedAccount, selectConnectedAccount } from "../../db/payments/connected-accounts";
import { type Order, selectOrder, updateOrder } from "../../db/payments/orders";
import type { PaymentView } from "../../db/payments/payment-views";
import {
  insertPayment,
  loadPayment,
  newPayment,
  type OrderKey,
  type Payment,
  selectPaymentsOfOrder,
} from "../../db/payments/payments";
import { bucketOf } from "../../domain/id";
import { chargeProblem } from "../../domain/payments/charge-amount";
import { agree, type PaymentDetails } from "../../domain/payments/payment-details";
import { type Result, refuse, success } from "../../domain/result";
import type { IntentOrder } from "../../stripe/payment-intents";
import type { Deps } from "../deps";
import { checkRefunds } from "./check-payment";
import { type By, executeCall } from "./execute-call";
import { refuseConversion, usableAccount } from "./put-order";
import { isUncertain, requestCall, view } from "./request-call";

/**
 * A payment as it is requested: `accountId` is Stripe's, and undefined members come from the order's snapshot
 * (src/guides/decisions.md#orders).
 */
interface PaymentRequest extends OrderKey {
  userId: string;
  accountId: string | undefined;
  amountMinor: number | undefined;
  currency: string | undefined;
  captureMethod: "automatic" | "manual" | undefined;
  details: PaymentDetails;
}

type Created = { payment: PaymentView; created: boolean };

/** The currency if neither the order nor the request names one. */
const currencyDefault = "usd";

/** The terms of a payment. `accountId` is ours. */
type Terms = Pick<
  Payment,
  "accountId" | "stripeAccountId" | "amountMinor" | "currency" | "applicationFeeMinor" | "captureMethod" | "userId"
>;

/** The most payments, newest first, that Stripe is asked about when an order was paid and refunded again and again. */
const askedAboutMax = 3;

/** The capture method if the request names none. */
const captureDefault = "automatic";

/**
 * Makes the PaymentIntent of an order, one live payment for each order (src/guides/decisions.md#live-payment). If the
 * same terms are requested again while it is live, the answer is the first payment; other terms are refused.
 */
export async function createPayment(deps: Deps, input: PaymentRequest): Promise<Result<Created>> {
  const [[order], payments, [account]] = await deps.db.batch([
    selectOrder(deps.db, input),
    selectPaymentsOfOrder(deps.db, input),
    selectConnectedAccount(deps.db, input.accountId ?? ""),
  ]);
  if (order?.state === "cancelled") return refuse("order_cancelled");
  const terms = await termsOf(deps, input, order, account?.account);
  if (!terms.ok) return terms;
  const live = standingOf(payments) ?? (await comeBack(deps, payments));
  if (!live.ok) return live;
  if (live.value) return again(deps, live.value, terms.value, input);
  return (await refuseConversion(deps, terms.value)) ?? create(deps, input, terms.value, order);
}

/** Returns the payment that counts for the order; undefined if none does. */
function standingOf(payments: readonly Payment[]): Result<Payment> | undefined {
  const standing = payments.filter((one) => one.live !== null);
  const live = standing.find(({ state }) => state === "succeeded") ?? standing[0];
  return live && success(live);
}

/**
 * Asks Stripe, before an order is paid once more, whether refunds of its earlier payments have failed since: that event
 * may be lost. Returns the payment whose money is here again.
 */
async function comeBack(deps: Deps, payments: readonly Payment[]): Promise<Result<Payment | undefined>> {
  for (const payment of payments.filter(isReturned).slice(0, askedAboutMax)) {
    const asked = await checkRefunds(deps, payment);
    if (!asked.ok) return asked;
    const found = await loadPayment(deps.db, payment.id);
    if (found && found.payment.live !== null) return success(found.payment);
  }
  return success(undefined);
}

function isReturned({ state }: Payment): boolean {
  return state === "succeeded";
}

/**
 * Returns the payment's terms. The order's snapshot decides, and the request must agree with it. Without a snapshot the
 * request must name all terms.
 */
async function termsOf(
  deps: Deps,
  input: PaymentRequest,
  order: Order | undefined,
  account: ConnectedAccount | undefined,
): Promise<Result<Terms>> {
  const { userId, captureMethod = captureDefault } = input;
  if (order) {
    const { accountId, stripeAccountId, amountMinor, currency, applicationFeeMinor } = order;
    const differing = differences(input, order);
    if (differing.length > 0) return refuse("terms_differ", undefined, { fields: differing });
    return success({ accountId, stripeAccountId, amountMinor, currency, applicationFeeMinor, captureMethod, userId });
  }
  const { accountId: stripeAccountId, amountMinor, currency = currencyDefault } = input;
  if (stripeAccountId === undefined || amountMinor === undefined) {
    const fields = [
      ...(amountMinor === undefined ? ["amount"] : []),
      ...(stripeAccountId === undefined ? ["account_id"] : []),
    ];
    return refuse("terms_missing", undefined, { fields });
  }
  const usable = await usableAccount(deps, account, input.developerId);
  if (!usable.ok) return usable;
  const problem = chargeProblem(amountMinor, currency);
  if (problem !== undefined) return refuse("amount_refused", ` The amount ${problem}.`); // follows the documented words
  const applicationFeeMinor = 0; // only an order's snapshot names one (src/guides/decisions.md#platform-fee)
  return success({
    accountId: usable.value.id,
    stripeAccountId,
    amountMinor,
    currency,
    applicationFeeMinor,
    captureMethod,
    userId,
  });
}

function differences({ accountId, amountMinor, currency }: PaymentRequest, order: Order): string[] {
  return [
    ...(amountMinor === undefined || amountMinor === order.amountMinor ? [] : ["amount"]),
    ...(accountId === undefined || accountId === order.stripeAccountId ? [] : ["account_id"]),
    ...(currency === undefined || currency === order.currency ? [] : ["currency"]),
  ];
}

/** Returns the live payment if it has the requested terms. A creation that was never answered is resumed. */
async function again(
  deps: Deps,
  live: Payment,
  terms: Terms,
  { captureMethod = live.captureMethod, details }: Pick<PaymentRequest, "captureMethod" | "details">,
): Promise<Result<Created>> {
  const isSame =
    live.userId === terms.userId &&
    live.accountId === terms.accountId &&
    live.amountMinor === terms.amountMinor &&
    live.currency === terms.currency &&
    live.captureMethod === captureMethod &&
    agree(details, live);
  if (!isSame) return refuse("payment_exists");
  const found = await loadPayment(deps.db, live.id);
  if (!found) return refuse("payment_unknown");
  const effect = found.effects.find(({ kind, state }) => kind === "create-intent" && state === "open");
  if (!effect) return success({ payment: { ...live, uncertain: isUncertain(found) }, created: false });
  const made = await executeCall(deps, found, effect, answering(false));
  return made.ok ? success({ payment: view(made.value), created: false }) : made;
}

function answering(created: boolean): By {
  return { actor: "developer", answer: (after) => success({ payment: view(after), created }) };
}

async function create(
  deps: Deps,
  { developerId, appId, orderId, details }: PaymentRequest,
  terms: Terms,
  snapshot: Order | undefined,
): Promise<Result<Created>> {
  const nowMs = deps.nowMs();
  const payment: Payment = {
    id: deps.newId(bucketOf(developerId)),
    developerId,
    appId,
    orderId,
    ...terms,
    ...details,
    state: "creating",
    live: 1,
    stripeId: null,
    clientSecret: null,
    paymentMethodId: null,
    chargeId: null,
    capturedMinor: 0,
    refundedMinor: 0,
    captureBefore: null,
    warnedAt: null,
    nextAction: null,
    lastError: null,
    dueAt: null,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
  const order: IntentOrder = {
    paymentId: payment.id,
    developerId,
    appId,
    userId: terms.userId,
    orderId,
    ...intentTerms(terms),
    details,
  };
  const made = await requestCall(
    deps,
    newPayment(payment),
    {
      name: "create-payment",
      kind: "create-intent",
      order,
      data: { orderId, amountMinor: terms.amountMinor, currency: terms.currency },
      rows: [insertPayment(deps.db, payment), ...(snapshot?.waiting ? [orderBegun(deps, snapshot)] : [])],
    },
    answering(true),
  );
  return made.ok ? success({ payment: view(made.value), created: true }) : made;
}

/** The order counts no more among those that nobody has begun to pay. */
function orderBegun({ db }: Deps, order: Order) {
  return updateOrder(db, order, { waiting: null, updatedAt: order.updatedAt });
}

function intentTerms({ stripeAccountId, amountMinor, currency, captureMethod, applicationFeeMinor }: Terms) {
  return { stripeAccountId, amountMinor, currency, captureMethod, applicationFeeMinor };
}
