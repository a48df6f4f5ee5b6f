/**
 * Every reason for which an operation says no, by contract, and within one in order of precedence: an operation checks
 * in this order, and each dialect maps every member to a status and a text (total by type).
 */
type Table = Record<
  string,
  {
    /** Whether the very same request may succeed later without anybody changing anything else. */
    transient: boolean;
    /** Given after Stripe did something: only these are remembered under an idempotency key. */
    afterEffect: boolean;
  }
>;

/** Whatever the contract. */
const common = {
  // Who is asking.
  role_wrong: { transient: false, afterEffect: false },
  // The same request again.
  idempotency_key_reused: { transient: false, afterEffect: false },
  idempotency_key_running: { transient: true, afterEffect: false },
  // What it names, and the state that is in.
  not_yours: { transient: false, afterEffect: false },
  state_wrong: { transient: false, afterEffect: false },
  // Who else is needed.
  stripe_refused: { transient: false, afterEffect: false },
  stripe_unavailable: { transient: true, afterEffect: false },
  busy: { transient: true, afterEffect: false },
} as const satisfies Table;

/** Who is told. */
const webhooks = {
  // What it names.
  endpoint_unknown: { transient: false, afterEffect: false },
  delivery_unknown: { transient: false, afterEffect: false },
  event_unknown: { transient: false, afterEffect: false },
  // The state it is in.
  event_erased: { transient: false, afterEffect: false },
  event_shared: { transient: false, afterEffect: false },
  secrets_full: { transient: true, afterEffect: false },
} as const satisfies Table;

/** The offers contract. */
const offers = {
  // Who is asking.
  credentials_wrong: { transient: false, afterEffect: false },
  // What it names.
  testimony_unknown: { transient: false, afterEffect: false },
  offer_unknown: { transient: false, afterEffect: false },
  region_foreign: { transient: false, afterEffect: false },
  // What is already taken.
  email_taken: { transient: false, afterEffect: false },
  phone_taken: { transient: false, afterEffect: false },
  offer_exists: { transient: false, afterEffect: false },
  // What an offer is made of.
  price_refused: { transient: false, afterEffect: false },
  // The session at accept, in the order in which accept looks.
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
  // What Stripe says about the expert's payout account.
  payout_account_refused: { transient: false, afterEffect: false },
  // The state it is in.
  payment_in_progress: { transient: true, afterEffect: false },
  // What a charge still holds.
  amount_exceeds_charge: { transient: false, afterEffect: false },
} as const satisfies Table;

/** The payments contract. */
const payments = {
  // What it names.
  developer_unknown: { transient: false, afterEffect: false },
  token_unknown: { transient: false, afterEffect: false },
  app_unknown: { transient: false, afterEffect: false },
  account_foreign: { transient: false, afterEffect: false },
  order_unknown: { transient: false, afterEffect: false },
  payment_unknown: { transient: false, afterEffect: false },
  refund_unknown: { transient: false, afterEffect: false },
  method_unknown: { transient: false, afterEffect: false },
  // What is already taken.
  developer_exists: { transient: false, afterEffect: false },
  user_exists: { transient: false, afterEffect: false },
  account_exists: { transient: false, afterEffect: false },
  // What a payment is made of: the order's terms, and what was asked for.
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
  // What Stripe says about the shopper's means.
  card_declined: { transient: false, afterEffect: true },
  method_gone: { transient: false, afterEffect: false },
  mandate_required: { transient: false, afterEffect: false },
  method_refused: { transient: false, afterEffect: false },
} as const satisfies Table;

/** The transfers contract. */
const transfers = {
  // What it names.
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
  // What is already taken.
  handle_taken: { transient: false, afterEffect: false },
  subject_exists: { transient: false, afterEffect: false },
  tag_exists: { transient: false, afterEffect: false },
  // What a transfer is made of.
  self_transfer: { transient: false, afterEffect: false },
  currency_unsupported: { transient: false, afterEffect: false },
  // The state it is in.
  transfer_resolved: { transient: false, afterEffect: false },
  transfer_expired: { transient: false, afterEffect: false },
  webhook_not_failed: { transient: false, afterEffect: false },
  day_not_over: { transient: true, afterEffect: false },
  // What the wallets can take.
  debit_limit_exceeded: { transient: true, afterEffect: false },
  wallet_limit_exceeded: { transient: false, afterEffect: false },
} as const satisfies Table;

/** What only an operator asks for. */
const operator = {
  // What it names.
  id_unknown: { transient: false, afterEffect: false },
  call_unknown: { transient: false, afterEffect: false },
  opening_refused: { transient: false, afterEffect: false },
  object_mismatch: { transient: false, afterEffect: false },
  // The state it is in.
  too_early: { transient: true, afterEffect: false },
} as const satisfies Table;

const tables = { common, webhooks, offers, payments, transfers, operator } as const;

/** The contracts that refusals belong to. */
export type RefusalTable = keyof typeof tables;

/** The names in one of the tables. */
export type RefusalOf<T extends RefusalTable> = { [K in T]: keyof (typeof tables)[K] }[T];

/** All of them. */
export const refusals = { ...common, ...webhooks, ...offers, ...payments, ...transfers, ...operator } as const;

/** The name of a refusal: the stable `code` that every dialect shows. */
export type Refusal = keyof typeof refusals;

/** The names in some of the tables, in their order. */
export function refusalsOf<T extends RefusalTable>(names: readonly T[]): RefusalOf<T>[] {
  return names.flatMap((name) => Object.keys(tables[name]) as RefusalOf<T>[]);
}
