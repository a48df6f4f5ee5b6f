import type { connectedAccountStates } from "./account";
import type { WaitingKind } from "./attention";
import type { CheckoutState } from "./offers/checkout";
import type { HoldReason, PayoutState } from "./offers/payout";
import type { storedTestimonyStates } from "./offers/testimony";
import type { PaymentState } from "./payments/payment";

/** The persons who can do something about what has not ended. */
export type Doer = "client" | "expert" | "developer" | "sender" | "receiver" | "application" | "owner" | "operator";

/** The states that are not final, of everything that has states. A new state does not compile before it has a rule. */
interface States {
  testimony: Exclude<(typeof storedTestimonyStates)[number], "completed" | "cancelled">;
  checkout: Exclude<CheckoutState, "accepted" | "returned" | "expired" | "failed">;
  payout: Exclude<PayoutState, "paid" | "reversed" | "cancelled" | "held"> | `held_${HoldReason}`;
  refund: "claimed" | "pending";
  dispute: "open";
  debt: "owed";
  payout_account: AccountStates;
  connected_account: AccountStates | "deleting";
  payment: Exclude<PaymentState, "succeeded" | "canceled" | "expired" | "failed"> | "unknown";
  payment_refund: "claimed" | "pending";
  payment_dispute: "open";
  method: "attaching" | "removing";
  transfer: "AWAITING_ACCEPTANCE";
  /** The same for its sender. */
  sent_transfer: "AWAITING_ACCEPTANCE";
  transfer_webhook: "PENDING" | "FAILED";
  settlement: "PENDING" | "PROCESSING" | "FAILED";
  delivery: "pending" | "failed";
  endpoint: "failing" | "disabled";
  stripe_event: "received" | "dead";
  stripe_call: "open" | "failing";
  /** The reasons to look that are no state of a row. */
  attention: Exclude<WaitingKind, WithState> | "payment_refund_failed";
}

/** The reasons for attention that are a state of something. */
type WithState =
  | "payout_failed"
  | "dispute_open"
  | "expert_owes"
  | "payment_unknown"
  | "stripe_call_failing"
  | "stripe_call_stuck"
  | "stripe_event_dead"
  | "endpoint_disabled"
  | "settlement_failed";

type AccountStates = Exclude<(typeof connectedAccountStates)[number], "ready" | "failed" | "deleting" | "deleted">;

export type ExplainedKind = keyof States;
export type ExplanationCode = { [K in ExplainedKind]: `${K}_${States[K]}` }[ExplainedKind];

/** The next thing that happens by itself. */
export type NextCode =
  | "stripe_is_asked"
  | "call_is_repeated"
  | "is_sent"
  | "is_looked_at"
  | "bank_decides"
  | "is_netted"
  | "lapses"
  | "expires"
  | "is_attempted"
  | "is_counted"
  | "is_forgotten"
  | "is_switched_off";

/** A request that somebody can send: the operation, and its method and path with names of ids. */
type CallRule = readonly [Doer, string, string];

/** The next thing that happens by itself, and the request that somebody can send. */
export type Rule = readonly [NextCode | null, CallRule?];

const openAccount = ["expert", "open-payout-account", "POST /me/payout-account"] as const;
const refund = ["operator", "refund-testimony", "POST /admin/testimonies/:testimonyId/refund"] as const;
const refundPayment = ["operator", "refund-payment-of-any", "POST /admin/payments/:aggregateId/refund"] as const;
const close = ["operator", "close-attention", "POST /admin/attention/close"] as const;
const storeMethod = ["developer", "attach-payment-method", "POST /payment-methods"] as const;
const release = ["operator", "release-payout", "POST /admin/testimonies/:testimonyId/release-payout"] as const;
const complete = ["expert", "complete-testimony", "POST /testimonies/:testimonyId/complete"] as const;
const checkout = ["client", "start-checkout", "POST /testimonies/offers/:offerId/checkout"] as const;
const confirm = ["developer", "confirm-payment", "POST /transactions/confirm"] as const;
const asked: Rule = ["stripe_is_asked"];
const repeated: Rule = ["call_is_repeated"];

const ofAccount = (open: CallRule, onboarding: CallRule): Record<AccountStates, Rule> => ({
  creating: repeated,
  incomplete: ["stripe_is_asked", onboarding],
  under_review: asked,
  paused: asked,
  gone: ["stripe_is_asked", open],
});

export const explanationRules: { [K in ExplainedKind]: Record<States[K], Rule> } = {
  testimony: {
    pending: [null, ["client", "cancel-testimony", "POST /testimonies/:testimonyId/cancel"]],
    offered: [null, checkout],
    accepted: [null, complete],
  },
  checkout: {
    claimed: ["call_is_repeated", checkout],
    open: ["stripe_is_asked", ["client", "accept-offer", "POST /testimonies/offers/accept"]],
    processing: asked,
    returning: ["is_sent"],
    return_failed: [null, refund],
  },
  payout: {
    due: ["is_sent"],
    held_account_missing: ["is_looked_at", openAccount],
    held_account_gone: ["is_looked_at", openAccount],
    held_account_not_ready: ["is_looked_at", openAccount],
    held_dispute_open: ["bank_decides"],
    held_dispute_lost: [null, release],
    held_refunded_at_stripe: [null, release],
    held_charge_spent: [null, release],
    held_balance_insufficient: ["is_looked_at"],
    held_not_released: ["is_sent", complete],
    sending: repeated,
    failed: [null, ["operator", "retry-payout", "POST /admin/testimonies/:testimonyId/retry-payout"]],
    reversing: repeated,
  },
  refund: { claimed: repeated, pending: asked },
  dispute: { open: ["bank_decides"] },
  debt: { owed: ["is_netted"] },
  payout_account: ofAccount(openAccount, openAccount),
  connected_account: {
    ...ofAccount(
      ["developer", "open-connected-account", "POST /connected-accounts"],
      ["developer", "create-onboarding-link", "POST /connected-accounts/onboarding"],
    ),
    deleting: repeated,
  },
  payment: {
    creating: ["call_is_repeated", ["developer", "create-payment", "POST /transactions"]],
    requires_payment_method: ["stripe_is_asked", confirm],
    requires_confirmation: ["stripe_is_asked", confirm],
    requires_action: ["stripe_is_asked", confirm],
    processing: asked,
    requires_capture: ["lapses", ["developer", "capture-payment", "POST /transactions/:transactionId/capture"]],
    unknown: repeated,
  },
  payment_refund: { claimed: repeated, pending: asked },
  payment_dispute: { open: ["bank_decides"] },
  method: { attaching: repeated, removing: repeated },
  transfer: {
    AWAITING_ACCEPTANCE: ["expires", ["receiver", "accept-transfer", "POST /transactions/:reference/accept"]],
  },
  sent_transfer: {
    AWAITING_ACCEPTANCE: ["expires", ["sender", "cancel-transfer", "POST /transactions/:reference/cancel"]],
  },
  transfer_webhook: {
    PENDING: ["is_attempted"],
    FAILED: [null, ["application", "retry-transfer-webhook", "POST /webhooks/:id/retry"]],
  },
  settlement: {
    PENDING: ["is_counted"],
    PROCESSING: ["is_counted"],
    FAILED: [null, ["operator", "settle-day-of-all", "POST /admin/settlement-days/:day/settle"]],
  },
  delivery: {
    pending: ["is_attempted"],
    failed: [null, ["owner", "resend-webhook-delivery", "POST /webhook-deliveries/:id/resend"]],
  },
  endpoint: {
    failing: ["is_switched_off", ["owner", "update-webhook-endpoint", "PATCH /webhook-endpoints/:id"]],
    disabled: [null, ["owner", "update-webhook-endpoint", "PATCH /webhook-endpoints/:id"]],
  },
  stripe_event: {
    received: ["is_attempted"],
    dead: [null, ["operator", "replay-stripe-event", "POST /admin/stripe-events/:id/replay"]],
  },
  stripe_call: {
    open: repeated,
    failing: [
      "call_is_repeated",
      ["operator", "settle-stripe-call", "POST /admin/stripe-calls/:aggregateId/:id/settle"],
    ],
  },
  attention: {
    payout_held: ["is_looked_at"],
    payout_waiting: ["is_looked_at"],
    refund_failed: [null, refund],
    payment_refund_failed: [null, refundPayment],
    refund_pending: ["is_sent"],
    dispute_lost: [null, refund],
    refunded_at_stripe: [null, refund],
    transfer_reversed_at_stripe: [null, refund],
    settlement_currency: [null, refund],
    session_mismatch: [null, close],
    order_paid_twice: [null, refundPayment],
    cancelled_order_paid: [null, refundPayment],
    platform_not_ready: [null, close],
    account_gone: [null, close],
    account_left_open: [null, close],
    customer_gone: [null, storeMethod],
    method_gone: [null, storeMethod],
    deliveries_failed: [
      "is_forgotten",
      ["operator", "recover-deliveries-of-any", "POST /admin/webhook-endpoints/:id/recover"],
    ],
    transfer_webhooks_failed: [
      null,
      ["operator", "retry-webhook-of-any", "POST /admin/transfer-webhooks/:recordId/retry"],
    ],
    cursor_behind: ["stripe_is_asked"],
    sweep_stopped: [null],
  },
};
