/*
 * All refusals by contract, and within a contract in order of precedence: an operation checks in this order. The type
 * of each contract adapter's table makes it map every refusal to a status and a text.
 */

/** Refusals of every contract. */
const common = [
  // The caller.
  "role_wrong",
  // The caller may store no more.
  "quota_exceeded",
  // A repeated request.
  "idempotency_key_reused",
  "idempotency_key_running",
  // The object that the request names, and its state.
  "not_yours",
  "state_wrong",
  // Stripe, and concurrent requests.
  "stripe_refused",
  "stripe_unavailable",
  "busy",
] as const;

/** Refusals of callers whose token does not hold every scope of its kind. */
const tokens = ["scope_missing"] as const;

/** Refusals about webhook endpoints and deliveries. */
const webhooks = [
  // The object that the request names.
  "endpoint_unknown",
  "delivery_unknown",
  "event_unknown",
  // The object's state.
  "event_erased",
  "event_shared",
  "secrets_full",
] as const;

/** Refusals of the offers contract. */
const offers = [
  // The caller.
  "credentials_wrong",
  "user_suspended",
  "password_wrong",
  "reauthentication_required",
  // The user was deleted while the request was under way.
  "user_deleted",
  // The link that was mailed.
  "reset_refused",
  "link_invalid",
  "email_verified",
  // The object that the request names.
  "user_session_unknown",
  "testimony_unknown",
  "offer_unknown",
  "region_foreign",
  // Values that must be unique.
  "email_taken",
  "phone_taken",
  "offer_exists",
  // The offer's price and its end.
  "price_refused",
  "validity_refused",
  // The offer at checkout.
  "offer_expired",
  // The session at accept, in the order in which accept checks it.
  "session_unknown",
  "session_foreign",
  "session_used",
  "session_expired",
  "session_mismatch",
  "payment_incomplete",
  "payment_processing",
  "payment_failed",
  "payment_returned",
  "offer_unavailable",
  // The user's money, at deletion.
  "money_underway",
  // Stripe's verdict on the expert's payout account.
  "payout_account_refused",
  // The object's state.
  "payment_in_progress",
  // The money that is left in a charge.
  "amount_exceeds_charge",
] as const;

/** Refusals of the payments contract. */
const payments = [
  // The object that the request names.
  "developer_unknown",
  "token_unknown",
  "app_unknown",
  "account_foreign",
  "order_unknown",
  "payment_unknown",
  "refund_unknown",
  "dispute_unknown",
  "method_unknown",
  // Values that must be unique.
  "developer_exists",
  "user_exists",
  "account_exists",
  // The developer's tokens.
  "tokens_full",
  // The order's terms, and the amounts of the request.
  "terms_missing",
  "terms_differ",
  "order_cancelled",
  "payment_exists",
  "amount_refused",
  "currency_refused",
  // The state of a payment or an account.
  "account_gone",
  "payment_uncertain",
  "authorization_expired",
  "amount_exceeds_authorization",
  "nothing_refundable",
  "amount_exceeds_refundable",
  "onboarding_incomplete",
  "account_in_use",
  // Stripe's verdict on the shopper's payment method.
  "card_declined",
  "method_gone",
  "mandate_required",
  "method_refused",
] as const;

/** Refusals of the transfers contract. */
const transfers = [
  // The object that the request names.
  "application_unknown",
  "subject_unknown",
  "tag_foreign",
  "tag_unknown",
  "tag_ambiguous",
  "transfer_unknown",
  "not_receiver",
  "not_sender",
  "wallet_unknown",
  "settlement_unknown",
  "webhook_unknown",
  "secret_unknown",
  // Values that must be unique.
  "handle_taken",
  "subject_exists",
  "tag_exists",
  "transfer_exists",
  // The terms of a transfer.
  "self_transfer",
  "currency_unsupported",
  // The object's state.
  "transfer_resolved",
  "transfer_expired",
  "webhook_not_failed",
  "day_not_over",
  // The limits of the wallets.
  "debit_limit_exceeded",
  "wallet_limit_exceeded",
] as const;

/** Refusals of the operator's commands. */
const operator = [
  // The object that the command names.
  "id_unknown",
  "user_unknown",
  "call_unknown",
  "opening_refused",
  "object_mismatch",
  // The object's state.
  "too_early",
  "refunded_since",
] as const;

const tables = { common, tokens, webhooks, offers, payments, transfers, operator } as const;

/** The tables of refusals: one for each contract, and the common ones. */
export type RefusalTable = keyof typeof tables;

/** The refusals of one table. */
export type RefusalOf<T extends RefusalTable> = { [K in T]: (typeof tables)[K][number] }[T];

/** The name of a refusal, which every contract shows as the stable `code`. */
export type Refusal = RefusalOf<RefusalTable>;

/** Refusals after which the same request may succeed later without any other change. */
export const transientRefusals: ReadonlySet<Refusal> = new Set([
  "quota_exceeded",
  "idempotency_key_running",
  "stripe_unavailable",
  "busy",
  "secrets_full",
  "payment_incomplete",
  "payment_processing",
  "payment_in_progress",
  "payment_uncertain",
  "day_not_over",
  "debit_limit_exceeded",
  "too_early",
] as const);

/** Refusals that are given after Stripe did something. Only these are stored under an idempotency key. */
export const refusalsAfterEffect: ReadonlySet<Refusal> = new Set(["card_declined"] as const);

const all: ReadonlySet<unknown> = new Set(Object.values(tables).flat());

/** Tells whether a text is the name of a refusal. */
export function isRefusal(name: unknown): name is Refusal {
  return all.has(name);
}

/** Lists the refusals of some tables, in their order. */
export function refusalsOf<T extends RefusalTable>(names: readonly T[]): RefusalOf<T>[] {
  return names.flatMap((name): readonly RefusalOf<T>[] => tables[name]);
}
