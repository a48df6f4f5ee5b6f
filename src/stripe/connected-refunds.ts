import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { type Moved, movedBy } from "./moved";
import type { IntentKey } from "./payment-intents";
import { statusOf } from "./refunds";

/** A refund to be made of a direct charge. */
export interface ConnectedRefundOrder extends IntentKey {
  refundId: string;
  paymentId: string;
  amountMinor: number;
  /** Whether our fee is refunded in proportion. */
  returnsFee: boolean;
  /** Names the request that asked for it, if that had an idempotency key: Stripe keeps this, should our row be lost. */
  requestKey?: string | undefined;
}

export interface ConnectedRefundFacts {
  id: string;
  status: "pending" | "succeeded" | "failed";
  amountMinor: number;
  failure: string | null;
  /** The reason why it is not made yet: https://docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason */
  pendingReason: string | null;
  /** False for the release of an authorization, which Stripe shows as a refund too, and while nothing has moved yet. */
  movesMoney: boolean;
  /** The movement on the account, with that of its failure and of our fee's refund. */
  moved: Moved | undefined;
  /** The id of our own refund, if we requested it. */
  refundId: string | undefined;
  paymentId: string | undefined;
  requestKey: string | undefined;
}

/** The state of our fee of a charge. */
export interface FeeFacts {
  id: string;
  amountMinor: number;
  currency: string;
  /** The movement on the platform's balance. */
  moved: Moved | undefined;
  refunds: { id: string; amountMinor: number; moved: Moved | undefined }[];
}

const moves = ["balance_transaction", "failure_balance_transaction"];
const inList = "data.balance_transaction";

/** Refunds money of a direct charge. */
export async function createConnectedRefund(
  stripe: StripeGateway,
  order: ConnectedRefundOrder,
  key: string,
): Promise<StripeOutcome<ConnectedRefundFacts>> {
  const params: Stripe.RefundCreateParams = {
    payment_intent: order.stripeId,
    amount: order.amountMinor,
    ...(order.returnsFee ? { refund_application_fee: true } : {}),
    metadata: {
      refund_id: order.refundId,
      payment_id: order.paymentId,
      ...(order.requestKey === undefined ? {} : { request_key: order.requestKey }),
    },
    expand: moves,
  };
  const options = { stripeAccount: order.stripeAccountId, idempotencyKey: key };
  const outcome = await stripe.call("refund", (sdk) => sdk.refunds.create(params, options));
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}

/** Lists every refund of a direct charge, ours and others'. */
export async function listConnectedRefunds(
  stripe: StripeGateway,
  { stripeId, stripeAccountId }: IntentKey,
): Promise<StripeOutcome<ConnectedRefundFacts[]>> {
  const listed = await stripe.list<Stripe.Refund>((sdk, page) =>
    sdk.refunds.list(
      { ...page, payment_intent: stripeId, expand: moves.map((one) => `data.${one}`) },
      { stripeAccount: stripeAccountId },
    ),
  );
  return listed.ok ? { ok: true, value: listed.value.map(factsOf) } : listed;
}

/** Reads our fee of a charge, which is the platform's object, with its refunds. */
export async function retrieveFee(stripe: StripeGateway, id: string): Promise<StripeOutcome<FeeFacts>> {
  const outcome = await stripe.call("application_fee", (sdk) =>
    sdk.applicationFees.retrieve(id, { expand: ["balance_transaction", `refunds.${inList}`] }),
  );
  if (!outcome.ok) return outcome;
  const { amount, currency, balance_transaction: transaction, refunds } = outcome.value;
  const listed = refunds.has_more
    ? await stripe.list<Stripe.FeeRefund>((sdk, page) =>
        sdk.applicationFees.listRefunds(id, { ...page, expand: [inList] }),
      )
    : ({ ok: true, value: refunds.data } as const);
  if (!listed.ok) return listed;
  return {
    ok: true,
    value: {
      id,
      amountMinor: amount,
      currency,
      moved: movedBy([transaction]),
      refunds: listed.value.map((refund) => ({
        id: refund.id,
        amountMinor: refund.amount,
        moved: movedBy([refund.balance_transaction]),
      })),
    },
  };
}

/**
 * Finds our fee of a charge; undefined if Stripe has none yet. A fee is the platform's own object: Stripe lists it even
 * where the charge's account is gone (https://docs.stripe.com/api/application_fees/list).
 */
export async function findFee(stripe: StripeGateway, chargeId: string): Promise<StripeOutcome<FeeFacts | undefined>> {
  const listed = await stripe.list<Stripe.ApplicationFee>((sdk, page) =>
    sdk.applicationFees.list({ ...page, charge: chargeId }),
  );
  if (!listed.ok) return listed;
  const [fee] = listed.value;
  return fee ? retrieveFee(stripe, fee.id) : { ok: true, value: undefined };
}

function factsOf(refund: Stripe.Refund): ConnectedRefundFacts {
  return {
    id: refund.id,
    status: statusOf(refund.status),
    amountMinor: refund.amount,
    failure: refund.failure_reason ?? null,
    pendingReason: refund.pending_reason ?? null,
    movesMoney: refund.balance_transaction !== null,
    moved: movedBy([refund.balance_transaction, refund.failure_balance_transaction]),
    refundId: refund.metadata?.refund_id,
    paymentId: refund.metadata?.payment_id,
    requestKey: refund.metadata?.request_key,
  };
}
