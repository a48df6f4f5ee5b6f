import type { Waiting } from "../../db/waiting";
import { isEndedByNote, type WaitingKind } from "../../domain/attention";
import { operatorAudience } from "../../domain/event";

/** What a person can do: a request as it is sent, by whom. `stripe`: in Stripe's dashboard; `platform`: in Cloudflare's. */
export interface Step {
  by: "operator" | "developer" | "expert" | "owner" | "application" | "stripe" | "platform";
  operation: string | null;
  method: string | null;
  path: string;
  body: Record<string, unknown> | null;
}

interface Outlook {
  /** What happens if nobody does anything. */
  byItself: string;
  steps: (one: Waiting) => Step[];
}

const note = "What was found, and decided.";
const api = "/api/v1";
const nobody = "Nothing more.";

function ask(by: Step["by"], operation: string, method: string, path: string, body: Step["body"] = null): Step {
  return { by, operation, method, path: api + path, body };
}

/** Where no request of ours helps. */
function look(by: "stripe" | "platform", path: string): Step {
  return { by, operation: null, method: null, path, body: null };
}

const takeBack = ({ aggregateId }: Waiting) =>
  ask("operator", "refund-testimony", "POST", `/admin/testimonies/${aggregateId}/refund`, { reason: note });

const release = ({ aggregateId }: Waiting) =>
  ask("operator", "release-payout", "POST", `/admin/testimonies/${aggregateId}/release-payout`, { note });

const settleCall = ({ aggregateId, about }: Waiting) =>
  ask("operator", "settle-stripe-call", "POST", `/admin/stripe-calls/${aggregateId}/${about.id}/settle`, {
    outcome: "not_made",
    note,
  });

const giveBack = ({ facts: { orderId, stripeAccountId } }: Waiting) =>
  ask("developer", "refund-payment", "POST", "/refunds", { order_id: orderId, account_id: stripeAccountId });

const isOfPayment = ({ facts }: Waiting) => typeof facts.orderId === "string";

const atStripe = (kind: string) => (one: Waiting) => [
  look("stripe", `https://dashboard.stripe.com/${kind}/${one.about.id}`),
];

const storeAgain = () => [
  ask("developer", "attach-payment-method", "POST", "/payment-methods", {
    type: "card",
    payment_method_id: "pm_card_visa",
  }),
];

function openAccount({ who, facts }: Waiting): Step[] {
  if (isOfPayment({ facts } as Waiting)) return atStripe("payments")({ about: { id: facts.stripeId } } as Waiting);
  return who[0] === operatorAudience
    ? [ask("expert", "open-payout-account", "POST", "/me/payout-account", {})]
    : [ask("developer", "open-connected-account", "POST", "/connected-accounts", { email: "seller@example.com" })];
}

const ofOwner = ({ who }: Waiting) => (who[0] === operatorAudience ? "operator" : "owner");

const tried = "It is tried again, at `at`.";

/** What comes of everything that waits, and who can do what about it. Total: a new kind must say both. */
const outlooks: Record<WaitingKind, Outlook> = {
  payout_failed: {
    byItself: nobody,
    steps: (one) => [
      ask("operator", "retry-payout", "POST", `/admin/testimonies/${one.aggregateId}/retry-payout`),
      takeBack(one),
    ],
  },
  payout_held: { byItself: "It is held until the money is back.", steps: (one) => [release(one), takeBack(one)] },
  payout_waiting: {
    byItself: "Stripe is asked again, at `at`; it is sent once the account can be paid to.",
    steps: (one) => [takeBack(one)],
  },
  refund_failed: {
    byItself: nobody,
    steps: (one) => (isOfPayment(one) ? [giveBack(one)] : [takeBack(one)]),
  },
  refund_pending: {
    byItself: "Stripe sends it once our balance covers it.",
    steps: () => [look("stripe", "https://dashboard.stripe.com/balance: top it up")],
  },
  dispute_open: { byItself: "It is lost at `at`, unless it is answered.", steps: atStripe("disputes") },
  dispute_lost: { byItself: nobody, steps: (one) => [takeBack(one)] },
  refunded_at_stripe: { byItself: nobody, steps: (one) => [takeBack(one)] },
  transfer_reversed_at_stripe: { byItself: nobody, steps: (one) => [takeBack(one)] },
  settlement_currency: { byItself: nobody, steps: (one) => [takeBack(one)] },
  session_mismatch: { byItself: nobody, steps: atStripe("payments") },
  order_paid_twice: { byItself: nobody, steps: (one) => [giveBack(one)] },
  cancelled_order_paid: { byItself: nobody, steps: (one) => [giveBack(one)] },
  platform_not_ready: {
    byItself: "Nothing more: an account is opened when its owner asks once more.",
    steps: (one) => [look("stripe", one.note ?? "https://dashboard.stripe.com/settings/connect")],
  },
  account_gone: { byItself: nobody, steps: openAccount },
  customer_gone: { byItself: nobody, steps: storeAgain },
  method_gone: { byItself: nobody, steps: storeAgain },
  stripe_call_stuck: { byItself: "Stripe is asked again, in vain.", steps: (one) => [settleCall(one)] },
  payment_unknown: { byItself: tried, steps: (one) => [settleCall(one)] },
  stripe_call_failing: { byItself: tried, steps: (one) => [settleCall(one)] },
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
      ask(ofOwner(one), "recover-webhook-deliveries", "POST", `/webhook-endpoints/${one.about.id}/recover`, {
        since: one.facts.since,
      }),
    ],
  },
  transfer_webhooks_failed: {
    byItself: nobody,
    steps: ({ facts: { recordId } }) => [
      ask("application", "retry-transfer-webhook", "POST", `/webhooks/${recordId}/retry`),
    ],
  },
  settlement_failed: {
    byItself: nobody,
    steps: ({ facts: { day }, currency }) => [
      ask("application", "settle-day", "POST", `/settlement/trigger?date=${day}&currency=${currency}`),
    ],
  },
  cursor_behind: {
    byItself: "It is read on, every ten minutes.",
    steps: () => [look("stripe", "https://status.stripe.com")],
  },
  sweep_stopped: {
    byItself: nobody,
    steps: () => [look("platform", "https://dash.cloudflare.com: the Worker's cron trigger, and its log")],
  },
};

/** What happens to it without anybody, and when; what a person can do instead, the likeliest first. */
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
