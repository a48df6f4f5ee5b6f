/** The fate of a table's columns when a person is deleted: all columns are named. */
export interface Fate {
  /** Emptied, or gone with its row. */
  erased?: string;
  /** Stays, because it is an id, a state, an amount or a time, or for the reason that is given. */
  kept?: string;
  why?: string;
}

const times = "created_at due_at";

/** The tables that have rows about a client or an expert, directly or through a testimony. */
export const personal: Record<string, Fate> = {
  users: {
    erased:
      "email password_hash phone first_name last_name date_of_birth registration_number billing_address shipping_address company bank_account regions email_verified newsletter_subscribed_at",
    kept: "id role terms_agreed_at suspended_at deleted_at created_at",
  },
  user_emails: { erased: "email user_id" },
  user_phones: { erased: "phone user_id" },
  access_tokens: { erased: "hash id prefix user_id created_at expires_at used_at network" },
  mails: { erased: "user_id id kind address link_hashes attempts sent_at created_at due_at expires_at" },
  notifications: { erased: "user_id id type data created_at" },
  idempotency_keys: {
    erased: "caller operation key fingerprint claim_id claimed_at expires_at done_by result",
    why: "those of other callers hold no other person's data",
  },
  payout_accounts: {
    erased: "requirements due_at",
    kept: "user_id stripe_account_id country state created_at checked_at",
    why: "the account at Stripe is the counterpart of transfers in the books",
  },
  receivables: { kept: "user_id currency remaining_minor" },
  receivable_entries: { kept: "user_id payout_id number kind amount_minor at" },
  testimonies: {
    erased: "real_estate notes cancellation_reason",
    kept: "id state client_id expert_id accepted_offer_id price_minor purpose region created_at",
    why: "purpose, region and the property's type are what was ordered",
  },
  offers: {
    erased: "notes",
    kept: "testimony_id id expert_id price_minor commission_basis_points delivery_days valid_until accepted_at withdrawn_at created_at",
  },
  checkouts: {
    erased: "input url",
    kept: `testimony_id id offer_id client_id state currency price_minor commission_minor total_minor commission_basis_points payable session_id expires_at payment_intent_id charge_id fee_minor returned_minor refunded_minor return_reason ${times}`,
  },
  payouts: {
    kept: `testimony_id id checkout_id expert_id state currency amount_minor netted_minor lowered_minor holds accepted_gone_minor release_on release_at held_since covered_minor reason sent_minor transfer_id reversed_minor ${times}`,
  },
  refunds: {
    kept: `testimony_id id checkout_id state currency amount_minor reason stripe_id failure ${times}`,
    why: "the reason is the operator's words, which name nobody",
  },
  disputes: { kept: "testimony_id stripe_id checkout_id state currency amount_minor fee_minor created_at" },
  journal: {
    kept: "aggregate_id version change_id tenant name actor at request_id data",
    why: "immutable: its data names members, never their values",
  },
  postings: { kept: "aggregate_id version line tenant account currency amount_minor reference at" },
  outbox: {
    erased: "data",
    kept: "aggregate_id sequence id version tenant type at erased_at",
    why: "of the data, what the client wrote",
  },
  stripe_effects: {
    erased: "params failure",
    kept: `aggregate_id id kind subject_id state generation attempts sent_at last_sent_at look result_id ${times}`,
    why: "of the parameters, the e-mail and the description of the property",
  },
  stripe_events: {
    erased: "payload",
    kept: "id account type object_id aggregate_id state version attempts due_at failure created_at received_at processed_at closed_by note",
  },
  stripe_objects: { kept: "stripe_id aggregate_id subject_id" },
  attention: {
    kept: "aggregate_id id kind about_kind about_id since amount_minor currency note due_by cleared_at cleared_by cleared_note",
    why: "the notes are ours or the operator's, who names nobody",
  },
  attention_told: { kept: "kind aggregate_id about_id about_kind since told_at" },
  webhook_deliveries: {
    kept: `endpoint_id event_id aggregate_id sequence type state replay version attempts failed_at ${times}`,
  },
  webhook_attempts: {
    erased: "excerpt",
    kept: "endpoint_id event_id number at duration_ms outcome status next_attempt_at",
  },
};

/** The tables that have no row about a client or an expert, with whom their rows are about. */
export const impersonal: Record<string, string> = {
  cursors: "nobody",
  webhook_endpoints: "the operator, developers and applications",
  secrets: "the operator, developers and applications",
  ...Object.fromEntries(
    [
      ...["developers", "developer_tokens", "apps", "app_users", "connected_accounts", "orders", "payments"],
      ...["payment_refunds", "payment_disputes", "customers", "payment_methods"],
    ].map((name) => [name, "developers and their shoppers"]),
  ),
  ...Object.fromEntries(
    [
      ...["applications", "subjects", "tags", "transfers", "transfer_webhooks", "wallets", "wallet_entries"],
      ...["settlement_batches", "settlement_days", "settlement_entries"],
    ].map((name) => [name, "applications and their subjects"]),
  ),
};
