import type { Actor, Machine } from "../machine";

/**
 * A checkout is one attempt of one client to pay one offer.
 * `claimed`: our row exists, Stripe has not answered yet. `open`: payable. `processing`: complete but unpaid (a delayed
 * method). `accepted`: this payment won. `returning`, `returned`: the money goes back. `return_failed`: it could not, an
 * operator must look. `expired`, `failed`: no money ever came.
 */
export const checkoutStates = [
  "claimed",
  "open",
  "processing",
  "accepted",
  "returning",
  "returned",
  "return_failed",
  "expired",
  "failed",
] as const;
export type CheckoutState = (typeof checkoutStates)[number];

export type CheckoutTransition =
  | "open"
  | "refuse"
  | "expire"
  | "process"
  | "win"
  | "lose"
  | "fail-payment"
  | "refund"
  | "return"
  | "fail-return";

/** The reasons for returning money that its client is told; an operator's own words are not among them. */
export const returnCauses = ["offer_unavailable", "payment_returned", "refund"] as const;

export function returnCause(reason: string): (typeof returnCauses)[number] {
  return returnCauses.find((cause) => cause === reason) ?? "refund";
}

const outside: Actor[] = ["client", "stripe", "clock"];

/** The transitions of a checkout. A paid session ends in `win` or `lose`: no other transition takes money. */
export const checkoutMachine = {
  open: { actors: ["client", "stripe", "clock"], from: ["claimed"], to: "open", effects: [] },
  refuse: { actors: ["client", "stripe", "clock"], from: ["claimed"], to: "failed", effects: [] },
  expire: { actors: [...outside, "expert"], from: ["open"], to: "expired", effects: [] },
  process: { actors: outside, from: ["open"], to: "processing", effects: [] },
  win: { actors: outside, from: ["open", "processing"], to: "accepted", effects: [] },
  lose: { actors: [...outside, "expert"], from: ["open", "processing"], to: "returning", effects: ["return-payment"] },
  "fail-payment": { actors: outside, from: ["open", "processing"], to: "failed", effects: [] },
  refund: { actors: ["operator"], from: ["accepted", "return_failed"], to: "returning", effects: ["return-payment"] },
  return: { actors: [...outside, "operator"], from: ["returning", "return_failed"], to: "returned", effects: [] },
  "fail-return": {
    actors: [...outside, "operator"],
    from: ["returning", "returned"],
    to: "return_failed",
    effects: ["call-operator"],
  },
} as const satisfies Machine<CheckoutTransition, CheckoutState, Actor, "return-payment" | "call-operator">;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface CheckoutTimes {
  state: CheckoutState;
  createdAt: number;
  expiresAt: number;
}

/**
 * Returns the time at which the clock asks Stripe about an unsettled checkout. While it is payable: after ten minutes,
 * then at doubling intervals, and right after it expires. A delayed payment method takes days: hourly at first, at last
 * daily.
 */
export function nextPollAtMs(checkout: CheckoutTimes, nowMs: number): number {
  const ageMs = Math.max(nowMs - checkout.createdAt, 0);
  if (checkout.state === "processing") return nowMs + Math.min(Math.max(ageMs, hourMs), 24 * hourMs);
  const afterExpiryMs = checkout.expiresAt + minuteMs;
  const soonMs = nowMs + Math.max(ageMs, 10 * minuteMs);
  return nowMs < afterExpiryMs ? Math.min(soonMs, afterExpiryMs) : nowMs + hourMs;
}

/**
 * Returns the time at which the clock asks about a checkout whose money was returned, because Stripe has not named its
 * fee yet; null if it need not ask.
 */
export function feePollAtMs(
  checkout: CheckoutTimes & { feeMinor: number | null; dueAt: number | null },
  nowMs: number,
): number | null {
  return checkout.feeMinor === null && checkout.dueAt !== null ? nextPollAtMs(checkout, nowMs) : null;
}
