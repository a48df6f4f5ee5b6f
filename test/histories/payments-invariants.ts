import { duplicates, sumOf } from "./counting";
import { disputeStateOf, type Invariant } from "./invariants";
import type { Snapshot } from "./snapshot";

/* Invariants of payments; in the form of invariants.ts. */

type PaymentRow = Snapshot["rows"]["payments"][number];

// --- After every step -------------------------------------------------------------------------------------------------

/** Stripe made every requested object once. */
const oneIntentPerPayment: Invariant = ({ stripe: { connected } }) => [
  ...duplicates(connected.intents.map((one) => one.metadata.payment_id)),
  ...duplicates(connected.refunds.map((one) => one.metadata?.refund_id)),
];

/** Refunds of one payment never exceed what was captured. */
const refundsWithinCaptured: Invariant = ({ stripe: { connected } }) =>
  connected.charges.flatMap((charge) => {
    const alive = connected.refunds.filter(
      (one) => one.charge === charge.id && one.status !== "failed" && one.balance_transaction !== null,
    );
    const back = sumOf(alive);
    return back > charge.amount_captured ? [`${charge.id}: ${back} of ${charge.amount_captured} went back`] : [];
  });

/**
 * Every answered fact is in the rows: the transaction, how it ended, what was captured, the refund, the cancelled
 * order.
 */
const answeredIsFound: Invariant = ({ rows, told }) => [
  ...[...told.payments].flatMap(([id, { orderId, userId, end, capturedMinor }]) => {
    const row = rows.payments.find((one) => one.stripeId === id);
    if (row?.orderId !== orderId || row.userId !== userId) return [`${id} was answered, and is not of ${orderId}`];
    if (end !== undefined && row.state !== end) return [`${id} was answered as ${end}, and is ${row.state}`];
    const isOther = capturedMinor !== undefined && row.capturedMinor !== capturedMinor;
    return isOther ? [`${id}: ${capturedMinor} was answered as captured, ${row.capturedMinor} is`] : [];
  }),
  ...[...told.refunds].flatMap(([id, { transactionId, amountMinor, status }]) => {
    const row = rows.paymentRefunds.find((one) => one.id === id);
    const payment = rows.payments.find((one) => one.id === row?.paymentId);
    const mayHaveFailed = row?.state === "failed" && row.kind === "refund";
    const stands = status === "pending" || row?.state === status || mayHaveFailed;
    const fits = row?.amountMinor === amountMinor && payment?.stripeId === transactionId && stands;
    return fits ? [] : [`refund ${id} was answered as ${status} of ${amountMinor}, and is ${row?.state}`];
  }),
  ...[...told.cancelledOrders]
    .filter((orderId) => rows.orders.find((one) => one.orderId === orderId)?.state !== "cancelled")
    .map((orderId) => `${orderId} was answered as cancelled, and is not`),
];

/** Our fee is as agreed, of a part in proportion, rounded half up. */
const feesAreAsAgreed: Invariant = ({ rows, stripe }) =>
  stripe.fees.flatMap((fee) => {
    const charge = stripe.connected.charges.find((one) => one.id === fee.charge);
    const row = rows.payments.find((one) => one.stripeId === charge?.payment_intent);
    const effects = rows.effects.filter((one) => one.aggregateId === row?.id);
    const agreed = effects.find((one) => one.kind === "create-intent")?.params as Agreed | undefined;
    const isOurs = row?.captureMethod === "automatic" || effects.some(isCapture);
    if (!charge || !agreed || !isOurs) return []; // after an out-of-band capture, the fee is the other party's choice
    const part = (agreed.applicationFeeMinor * charge.amount_captured) / agreed.amountMinor;
    // A capture takes one step at least, because without a fee Stripe would take the whole agreed one.
    const due = Math.max(effects.some(isCapture) ? 1 : 0, Math.floor(part + 0.5));
    return fee.amount === due ? [] : [`${fee.id} of ${fee.amount} was taken, ${due} was agreed`];
  });

interface Agreed {
  amountMinor: number;
  applicationFeeMinor: number;
}

function isCapture({ kind, state }: Snapshot["rows"]["effects"][number]): boolean {
  return kind === "capture-intent" && state !== "refused";
}

/** Every end is published once, and nothing else is; each event goes to the payment's developer. */
const paymentsAreAnnounced: Invariant = ({ rows }) =>
  rows.payments.flatMap((row) => {
    const events = rows.outbox.filter((one) => one.aggregateId === row.id);
    const count = (type: string, of: Record<string, unknown> = {}) =>
      events.filter((one) => one.type === type && Object.entries(of).every(([name, value]) => one.data[name] === value))
        .length;
    const wanted: [what: string, found: number, due: boolean][] = [
      ["payment.created", count("payment.created"), row.stripeId !== null],
      ["payment.succeeded", count("payment.succeeded"), row.state === "succeeded" && row.captureMethod === "automatic"],
      ["payment.captured", count("payment.captured"), row.state === "succeeded" && row.captureMethod === "manual"],
      ["payment.canceled", count("payment.canceled"), row.state === "canceled"],
      ["payment.expired", count("payment.expired"), row.state === "expired"],
      ...rows.paymentRefunds
        .filter(({ paymentId, state }) => paymentId === row.id && (state === "succeeded" || state === "failed"))
        .map(({ id, state }): [string, number, boolean] => [
          `refund.${state} of ${id}`,
          count(`refund.${state}`, { refundId: id }),
          true,
        ]),
      ...rows.paymentDisputes
        .filter(({ paymentId }) => paymentId === row.id)
        .map(({ stripeId, state }): [string, number, boolean] => [
          `dispute.closed of ${stripeId}`,
          count("dispute.closed", { disputeId: stripeId }),
          state !== "open",
        ]),
    ];
    return [
      ...wanted
        .filter(([, found, due]) => found !== (due ? 1 : 0))
        .map(([what, found]) => `${row.stripeId} is ${row.state}, and ${what} was told ${found} times`),
      ...events.filter((one) => one.tenant !== row.developerId).map((one) => `${one.type} of ${row.id} is another's`),
    ];
  });

export const always: Record<string, Invariant> = {
  oneIntentPerPayment,
  refundsWithinCaptured,
  answeredIsFound,
  feesAreAsAgreed,
  paymentsAreAnnounced,
};

/** Tells whether an account is gone at Stripe, so that nobody shows or changes for us what is on it. */
function isGone({ rows }: Snapshot, stripeAccountId: string): boolean {
  return rows.connectedAccounts.some((one) => one.stripeId === stripeAccountId && one.state === "gone");
}

// --- After healing ----------------------------------------------------------------------------------------------------

/** Stripe's payments and our rows agree. */
const intentsMatchRows: Invariant = (snapshot) => {
  const { rows, stripe } = snapshot;
  const { intents } = stripe.connected;
  const wrong = intents.flatMap((intent) => {
    if (isGone(snapshot, intent.onAccount)) return [];
    const row = rows.payments.find((one) => one.id === intent.metadata.payment_id);
    if (row?.stripeId !== intent.id || row.stripeAccountId !== intent.onAccount) return [`${intent.id} is nobody's`];
    const isSame =
      stateAtStripe(row) === intent.status &&
      row.amountMinor === intent.amount &&
      row.currency === intent.currency &&
      row.capturedMinor === intent.amount_received;
    return isSame ? [] : [`${intent.id} is ${intent.status}, ${intent.amount_received}; row ${row.state}`];
  });
  const missing = rows.payments.filter(
    (row) => row.state !== "failed" && !intents.some(({ id }) => id === row.stripeId),
  );
  return [...wrong, ...missing.map((row) => `payment ${row.id} is ${row.state} and does not exist`)];
};

/** An unpaid payment on an account that is gone ends, and frees its order. */
const nothingWaitsOnGoneAccounts: Invariant = (snapshot) =>
  snapshot.rows.payments
    .filter(({ state, stripeAccountId }) => state.startsWith("requires_") && isGone(snapshot, stripeAccountId))
    .map(({ id, state }) => `payment ${id} is ${state}, and its account is gone`);

function stateAtStripe({ state }: PaymentRow): string {
  return state === "expired" ? "canceled" : state;
}

/** Refunds, ours and others', and disputes agree, too. A release has no refund at Stripe. */
const whatWentBackMatchesRows: Invariant = (snapshot) => [
  ...snapshot.stripe.connected.refunds
    .filter((one) => one.balance_transaction !== null && !isGone(snapshot, one.onAccount))
    .flatMap((refund) => {
      const row = snapshot.rows.paymentRefunds.find((one) => one.stripeId === refund.id);
      const isKind = row?.kind === (refund.metadata?.refund_id === row?.id ? "refund" : "at_stripe");
      const fits = isKind && row?.state === refund.status && row.amountMinor === refund.amount;
      return fits ? [] : [`${refund.id} is ${refund.status}, row ${row?.kind} ${row?.state}`];
    }),
  ...snapshot.rows.paymentRefunds
    .filter(({ kind, state }) => kind !== "release" && state !== "failed")
    .filter(({ stripeId }) => !snapshot.stripe.connected.refunds.some((one) => one.id === stripeId))
    .map((row) => `refund ${row.id} is ${row.state} and does not exist`),
  ...snapshot.stripe.connected.disputes.flatMap((dispute) => {
    if (isGone(snapshot, dispute.onAccount)) return [];
    const row = snapshot.rows.paymentDisputes.find((one) => one.stripeId === dispute.id);
    const state = disputeStateOf(dispute.status);
    return row?.state === state ? [] : [`${dispute.id} is ${dispute.status}, row ${row?.state}`];
  }),
];

/** No payment waits for Stripe any more. One that people must act on, or capture in time, may wait. */
const noPaymentIsHalfDone: Invariant = ({ rows }) => [
  ...rows.payments
    .filter(({ state }) => state === "creating" || state === "processing")
    .map(({ id, state }) => `payment ${id} is ${state}`),
  ...rows.paymentRefunds
    .filter(({ state }) => state === "claimed" || state === "pending")
    .map(({ id, state }) => `refund ${id} is ${state}`),
];

/** A cancelled order keeps no money, unless Stripe refused to refund it: then the refund says so. */
const cancelledOrdersHoldNothing: Invariant = (snapshot) => {
  const { rows } = snapshot;
  const found = rows.orders
    .filter(({ state }) => state === "cancelled")
    .flatMap(({ developerId, appId, orderId }) =>
      rows.payments.filter((one) => one.developerId === developerId && one.appId === appId && one.orderId === orderId),
    )
    .filter(({ id, state, capturedMinor, refundedMinor, stripeAccountId }) => {
      if (state === "canceled" || state === "expired" || state === "failed") return false;
      if (isGone(snapshot, stripeAccountId)) return false;
      const wasTried = rows.paymentRefunds.some((one) => one.paymentId === id && one.state === "failed");
      const disputes = rows.paymentDisputes.filter((one) => one.paymentId === id);
      const isOpen = disputes.some((one) => one.state === "open"); // Stripe refunds nothing meanwhile
      const lostMinor = disputes.reduce((sum, one) => sum + (one.state === "lost" ? one.amountMinor : 0), 0);
      return !(state === "succeeded" && (refundedMinor + lostMinor >= capturedMinor || wasTried || isOpen));
    });
  return found.map(
    ({ id, state, refundedMinor }) => `payment ${id} of a cancelled order is ${state}, ${refundedMinor} back`,
  );
};

/** A fee is refunded with its payment. */
const feesGoBack: Invariant = (snapshot) =>
  snapshot.stripe.fees.flatMap((fee) => {
    const { rows, stripe } = snapshot;
    const charge = stripe.connected.charges.find((one) => one.id === fee.charge);
    const row = rows.payments.find((one) => one.stripeId === charge?.payment_intent);
    const refunds = rows.paymentRefunds.filter((one) => one.paymentId === row?.id);
    if (!row || isGone(snapshot, row.stripeAccountId)) return [];
    const isAllOurs = refunds.length > 0 && refunds.every((one) => one.kind === "refund" && one.state === "succeeded");
    if (!isAllOurs || row.refundedMinor !== row.capturedMinor || fee.amount_refunded === fee.amount) return [];
    return [`${fee.id}: ${fee.amount_refunded} of ${fee.amount} went back, of the payment everything`];
  });

export const healed: Record<string, Invariant> = {
  intentsMatchRows,
  nothingWaitsOnGoneAccounts,
  whatWentBackMatchesRows,
  noPaymentIsHalfDone,
  cancelledOrdersHoldNothing,
  feesGoBack,
};
