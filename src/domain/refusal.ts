/**
 * All refusals by contract, and within a contract in order of precedence: an operation checks in this order. The type
 * of each contract adapter's table makes it map every refusal to a status and a text.
 */
type Table = Record<
  string,
  {
    /** Whether the same request may succeed later without any other change. */
    transient: boolean;
    /** Whether it is given after Stripe did something. Only these are stored under an idempotency key. */
    afterEffect: boolean;
  }
>;

/** Refusals of every contract. */
const common = {
  // The caller.
  role_wrong: { transient: false, afterEffect: false },
  // A repeated request.
  idempotency_key_reused: { transient: false, afterEffect: false },
  idempotency_key_running: { transient: true, afterEffect: false },
  // The object that the request names, and its state.
  not_yours: { transient: false, afterEffect: false },
  state_wrong: { transient: false, afterEffect: false },
  // Stripe, and concurrent requests.
  stripe_refused: { transient: false, afterEffect: false },
  stripe_unavailable: { transient: true, afterEffect: false },
  busy: { transient: true, afterEffect: false },
} as const satisfies Table;

/** Refusals about webhook endpoints and deliveries. */
const webhooks = {
  // The object that the request names.
  endpoint_unknown: { transient: false, afterEffect: false },
  delivery_unknown: { transient: false, afterEffect: false },
  event_unknown: { transient: false, afterEffect: false },
  // The object's state.
  event_erased: { transient: false, afterEffect: false },
  event_shared: { transient: false, afterEffect: false },
  secrets_full: { transient: true, afterEffect: false },
} as const satisfies Table;

/** Refusals of the offers contract. */
const offers = {
  // The caller.
  credentials_wrong: { transient: false, afterEffect: false },
  // The object that the request names.
  testimony_unknown: { transient: false, afterEffect: false },
  offer_unknown: { transient: false, afterEffect: false },
  region_foreign: { transient: false, afterEffect: false },
  // Values that must be unique.
  email_taken: { transient: false, afterEffect: false },
  phone_taken: { transient: false, afterEffect: false },
  offer_exists: { transient: false, afterEffect: false },
  // The offer's price.
  price_refused: { transient: false, afterEffect: false },
  // The session at accept, in the order in which accept checks it.
  session_unknown: { transient: false, afterEffect: false },
  session_foreign: { transient: false, afterEffect: false },
  session_used: { transient: false, afterEffect: false },
  session_expired: { transient: false, afterEffect: false },
  session_mismatch: { transient: false, afterEffect: false },
  payment_incomplete: { transient: true, afterEffect: false },
  payment_processing: { transient: true, afterEffect: false },
  payment_failed: { transient: false, afterEffect: false },
  payment_returned: { transient: false, afterEffect: false },
  offer_unavailable: { transient: false, afterEffect: false },
  // Stripe's verdict on the expert's payout account.
  payout_account_refused: { transient: false, afterEffect: false },
  // The object's state.
  payment_in_progress: { transient: true, afterEffect: false },
  // The money that is left in a charge.
  amount_exceeds_charge: { transient: false, afterEffect: false },
} as const satisfies Table;

/** Refusals of the payments contract. */
const payments = {
  // The object that the request names.
  developer_unknown: { transient: false, afterEffect: false },
  token_unknown: { transient: false, afterEffect: false },
  app_unknown: { transient: false, afterEffect: false },
  account_foreign: { transient: false, afterEffect: false },
  order_unknown: { transient: false, afterEffect: false },
  payment_unknown: { transient: false, afterEffect: false },
  refund_unknown: { transient: false, afterEffect: false },
  method_unknown: { transient: false, afterEffect: false },
  // Values that must be unique.
  developer_exists: { transient: false, afterEffect: false },
  user_exists: { transient: false, afterEffect: false },
  account_exists: { transient: false, afterEffect: false },
  // The order's terms, and the amounts of the request.
  terms_missing: { transient: false, afterEffect: false },
  terms_differ: { transient: false, afterEffect: false },
  order_cancelled: { transient: false, afterEffect: false },
  payment_exists: { transient: false, afterEffect: false },
  amount_refused: { transient: false, afterEffect: false },
  currency_refused: { transient: false, afterEffect: false },
  // The state of a payment or an account.
  account_gone: { transient: false, afterEffect: false },
  payment_uncertain: { transient: true, afterEffect: false },
  authorization_expired: { transient: false, afterEffect: false },
  amount_exceeds_authorization: { transient: false, afterEffect: false },
  nothing_refundable: { transient: false, afterEffect: false },
  amount_exceeds_refundable: { transient: false, afterEffect: false },
  onboarding_incomplete: { transient: false, afterEffect: false },
  account_in_use: { transient: false, afterEffect: false },
  // Stripe's verdict on the shopper's payment method.
  card_declined: { transient: false, afterEffect: true },
  method_gone: { transient: false, afterEffect: false },
  mandate_required: { transient: false, afterEffect: false },
  method_refused: { transient: false, afterEffect: false },
} as const satisfies Table;

/** Refusals of the transfers contract. */
const transfers = {
  // The object that the request names.
  application_unknown: { transient: false, afterEffect: false },
  subject_unknown: { transient: false, afterEffect: false },
  tag_foreign: { transient: false, afterEffect: false },
  tag_unknown: { transient: false, afterEffect: false },
  tag_ambiguous: { transient: false, afterEffect: false },
  transfer_unknown: { transient: false, afterEffect: false },
  not_receiver: { transient: false, afterEffect: false },
  wallet_unknown: { transient: false, afterEffect: false },
  settlement_unknown: { transient: false, afterEffect: false },
  webhook_unknown: { transient: false, afterEffect: false },
  // Values that must be unique.
  handle_taken: { transient: false, afterEffect: false },
  subject_exists: { transient: false, afterEffect: false },
  tag_exists: { transient: false, afterEffect: false },
  // The terms of a transfer.
  self_transfer: { transient: false, afterEffect: false },
  currency_unsupported: { transient: false, afterEffect: false },
  // The object's state.
  transfer_resolved: { transient: false, afterEffect: false },
  transfer_expired: { transient: false, afterEffect: false },
  webhook_not_failed: { transient: false, afterEffect: false },
  day_not_over: { transient: true, afterEffect: false },
  // The limits of the wallets.
  debit_limit_exceeded: { transient: true, afterEffect: false },
  wallet_limit_exceeded: { transient: false, afterEffect: false },
} as const satisfies Table;

/** Refusals of the operator's commands. */
const operator = {
  // The object that the command names.
  id_unknown: { transient: false, afterEffect: false },
  call_unknown: { transient: false, afterEffect: false },
  opening_refused: { transient: false, afterEffect: false },
  object_mismatch: { transient: false, afterEffect: false },
  // The object's state.
  too_early: { transient: true, afterEffect: false },
} as const satisfies Table;

const tables = { common, webhooks, offers, payments, transfers, operator } as const;

/** The tables of refusals: one for each contract, and the common ones. */
export type RefusalTable = keyof typeof tables;

/** The refusals of one table. */
export type RefusalOf<T extends RefusalTable> = { [K in T]: keyof (typeof tables)[K] }[T];

/** All refusals of all tables. */
export const refusals = { ...common, ...webhooks, ...offers, ...payments, ...transfers, ...operator } as const;

/** The name of a refusal, which every contract shows as the stable `code`. */
export type Refusal = keyof typeof refusals;

/** Lists the refusals of some tables, in their order. */
export function refusalsOf<T extends RefusalTable>(names: readonly T[]): RefusalOf<T>[] {
  return names.flatMap((name) => Object.keys(tables[name]) as RefusalOf<T>[]);
}
