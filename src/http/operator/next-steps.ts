import type { Waiting } from "../../db/operator/waiting";
import { isEndedByNote, type WaitingKind } from "../../domain/attention";
import { operatorAudience } from "../../domain/webhooks/event";
import { ask, asShopper, atStripe, look, note, type Step } from "./step";

const nobody = "Nothing more.";

interface Outlook {
  /** The outcome if nobody acts. */
  byItself: string;
  steps: (one: Waiting) => Step[];
}

/** Returns the refund of a testimony, if it was accepted or its money could not be returned. */
function takeBack({ kind, aggregateId, facts: { testimonyState } }: Waiting): Step[] {
  const isAccepted = testimonyState === "accepted" || testimonyState === "completed";
  if (!isAccepted && kind !== "refund_failed" && kind !== "payout_waiting") return [];
  return [ask("operator", "refund-testimony", "POST", `/admin/testimonies/${aggregateId}/refund`, { reason: note })];
}

/**
 * Returns the release of a payout, with the amount that the charge still holds if that is not all: the expert carries
 * the rest.
 */
function release({ aggregateId, amountMinor, facts: { releasableMinor, holds } }: Waiting): Step[] {
  if (releasableMinor === 0) return [];
  const isPart = typeof releasableMinor === "number" && releasableMinor !== amountMinor;
  const isEarly = holds?.includes("not_released");
  const body = { note, ...(isPart ? { amount: releasableMinor } : {}), ...(isEarly ? { early: true } : {}) };
  return [ask("operator", "release-payout", "POST", `/admin/testimonies/${aggregateId}/release-payout`, body)];
}

const topUp = look("stripe", "https://dashboard.stripe.com/balance");

function ofHeldPayout(one: Waiting): Step[] {
  const isShort = one.facts.holds?.includes("balance_insufficient");
  return [...(isShort ? [topUp] : release(one)), ...takeBack(one)];
}

const ofAccount = ["account_missing", "account_gone", "account_not_ready"] as const;

function ofWaitingPayout(one: Waiting): Step[] {
  const waitsForAccount = ofAccount.some((hold) => one.facts.holds?.includes(hold));
  return [...(waitsForAccount ? [openPayoutAccount] : []), ...takeBack(one)];
}

const openPayoutAccount = ask("expert", "open-payout-account", "POST", "/me/payout-account", {});

const pathOf = ({ aggregateId, about }: Waiting) => `/admin/stripe-calls/${aggregateId}/${about.id}`;

const settleCall = (one: Waiting): Step[] => [
  ask("operator", "settle-stripe-call", "POST", `${pathOf(one)}/settle`, { outcome: "not_made", note }),
];

const ofOpenCall = (one: Waiting): Step[] => [
  ask("operator", "retry-stripe-call", "POST", `${pathOf(one)}/retry`, { note }),
  ...settleCall(one),
];

function giveBack({ aggregateId }: Waiting): Step {
  return ask("operator", "refund-payment-of-any", "POST", `/admin/payments/${aggregateId}/refund`, { reason: note });
}

/** Returns the step that stores a new method. The shopper may give any; this one is Stripe's own for tests. */
function storeAgain({ aggregateId, facts: { appId } }: Waiting): Step[] {
  const body = { type: "card", payment_method_id: "pm_card_visa" };
  return [asShopper(ask("developer", "attach-payment-method", "POST", "/payment-methods", body), appId, aggregateId)];
}

const isOfPayment = ({ facts }: Waiting) => typeof facts.orderId === "string";

/** Returns the path in the dashboard: a developer's payment is on a connected account. */
function placeOf({ facts: { stripeAccountId } }: Waiting): string {
  return typeof stripeAccountId === "string" ? `${stripeAccountId}/` : "";
}

function openAccount(one: Waiting): Step[] {
  const { stripeId, email } = one.facts;
  if (isOfPayment(one)) return atStripe(`${placeOf(one)}payments`, stripeId);
  return typeof email === "string"
    ? [ask("developer", "open-connected-account", "POST", "/connected-accounts", { email })]
    : [openPayoutAccount];
}

const ofOwner = ({ who }: Waiting) => (who[0] === operatorAudience ? "operator" : "owner");

const tried = "It is tried again, at `at`.";

/** The outcome of everything that waits, and the steps that end it. The type demands an entry for every kind. */
const outlooks: Record<WaitingKind, Outlook> = {
  payout_failed: {
    byItself: nobody,
    steps: (one) => [
      ask("operator", "retry-payout", "POST", `/admin/testimonies/${one.aggregateId}/retry-payout`),
      ...takeBack(one),
    ],
  },
  payout_held: {
    byItself: "It is held until the money is back, or until the testimony is completed.",
    steps: ofHeldPayout,
  },
  payout_waiting: {
    byItself: "Stripe is asked again, at `at`; it is sent once nothing holds it.",
    steps: ofWaitingPayout,
  },
  expert_owes: { byItself: "It is kept back from the expert's next payouts.", steps: () => [] },
  refund_failed: {
    byItself: nobody,
    steps: (one) => (isOfPayment(one) ? [giveBack(one)] : takeBack(one)),
  },
  refund_pending: {
    byItself: "Stripe sends it once our balance covers it.",
    steps: () => [topUp],
  },
  dispute_open: {
    byItself: "It is lost at `at`, unless it is answered.",
    steps: (one) => atStripe(`${placeOf(one)}disputes`, one.about.id),
  },
  dispute_lost: { byItself: nobody, steps: takeBack },
  refunded_at_stripe: { byItself: nobody, steps: takeBack },
  transfer_reversed_at_stripe: { byItself: nobody, steps: takeBack },
  settlement_currency: { byItself: nobody, steps: takeBack },
  session_mismatch: {
    byItself: nobody,
    steps: ({ note }) => [look("stripe", `https://dashboard.stripe.com/search?query=${note}`)],
  },
  order_paid_twice: { byItself: nobody, steps: (one) => [giveBack(one)] },
  cancelled_order_paid: { byItself: nobody, steps: (one) => [giveBack(one)] },
  platform_not_ready: {
    byItself: "Nothing more: an account is opened when its owner asks once more.",
    steps: ({ note }) => [look("stripe", addressIn(note) ?? "https://dashboard.stripe.com/settings/connect")],
  },
  account_gone: { byItself: nobody, steps: openAccount },
  account_left_open: { byItself: nobody, steps: (one) => atStripe("connect/accounts", one.about.id) },
  customer_gone: { byItself: nobody, steps: storeAgain },
  method_gone: { byItself: nobody, steps: storeAgain },
  stripe_call_stuck: { byItself: "Stripe is asked again, in vain.", steps: settleCall },
  payment_unknown: { byItself: tried, steps: ofOpenCall },
  stripe_call_failing: { byItself: tried, steps: ofOpenCall },
  stripe_event_dead: {
    byItself: nobody,
    steps: ({ about: { id } }) => [
      ask("operator", "replay-stripe-event", "POST", `/admin/stripe-events/${id}/replay`),
      ask("operator", "close-stripe-event", "POST", `/admin/stripe-events/${id}/close`, { note }),
    ],
  },
  endpoint_disabled: {
    byItself: nobody,
    steps: (one) => [
      ask(ofOwner(one), "update-webhook-endpoint", "PATCH", `/webhook-endpoints/${one.about.id}`, { enabled: true }),
    ],
  },
  deliveries_failed: {
    byItself: "They are forgotten thirty days after they failed.",
    steps: (one) => [
      ask("operator", "recover-deliveries-of-any", "POST", `/admin/webhook-endpoints/${one.about.id}/recover`, {
        since: one.facts.since,
        note,
      }),
    ],
  },
  transfer_webhooks_failed: {
    byItself: nobody,
    steps: ({ facts: { recordId } }) => [
      ask("operator", "retry-webhook-of-any", "POST", `/admin/transfer-webhooks/${recordId}/retry`, { note }),
    ],
  },
  settlement_failed: {
    byItself: nobody,
    steps: ({ facts: { day } }) => [
      ask("operator", "settle-day-of-all", "POST", `/admin/settlement-days/${day}/settle`, { note }),
    ],
  },
  cursor_behind: {
    byItself: "It is read on, every ten minutes.",
    steps: () => [look("stripe", "https://status.stripe.com")],
  },
  sweep_stopped: {
    byItself: nobody,
    steps: () => [look("platform", "https://dash.cloudflare.com/?to=/:account/workers")],
  },
};

/**
 * Returns what happens to an item if nobody acts, and when; and the steps that a person can take, the likeliest first.
 */
export function outlookOf(one: Waiting): { byItself: { what: string; at: number | null }; steps: Step[] } {
  const { byItself, steps } = outlooks[one.kind];
  const { kind, aggregateId: aggregate, about } = one;
  const close = ask("operator", "close-attention", "POST", "/admin/attention/close", {
    kind,
    aggregate,
    about: about.id,
    note,
  });
  return {
    byItself: { what: byItself, at: one.dueAt },
    steps: [...steps(one), ...(isEndedByNote(kind) ? [close] : [])],
  };
}

/** Returns the address that a note for the platform's owner ends with. */
function addressIn(note: string | null): string | undefined {
  return /https:\/\/\S+$/.exec(note ?? "")?.[0];
}
