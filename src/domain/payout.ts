import type { Actor, Machine } from "./machine";

/**
 * What the expert is owed for one accepted offer. `due`: to be sent. `held`: waits (account not able, open dispute).
 * `sending`: the transfer is claimed. `paid`: Stripe has it. `reversing`, `reversed`: taken back by an operator's refund.
 * `cancelled`: never sent. `failed`: an operator must look.
 */
export const payoutStates = ["due", "held", "sending", "paid", "reversing", "reversed", "cancelled", "failed"] as const;
export type PayoutState = (typeof payoutStates)[number];

export type PayoutTransition = "hold" | "retry" | "send" | "pay" | "fail" | "cancel" | "reverse" | "finish-reversal";

/** decisions O6, O10, O14. */
export const payoutMachine = {
  hold: { actors: ["stripe", "clock"], from: ["due", "held", "sending"], to: "held", effects: [] },
  retry: { actors: ["operator"], from: ["failed"], to: "due", effects: [] },
  send: {
    actors: ["stripe", "clock", "operator"],
    from: ["due", "held", "failed"],
    to: "sending",
    effects: ["create-transfer"],
  },
  pay: { actors: ["stripe", "clock", "operator"], from: ["sending"], to: "paid", effects: ["announce"] },
  fail: { actors: ["stripe", "clock"], from: ["due", "held", "sending"], to: "failed", effects: ["call-operator"] },
  cancel: { actors: ["operator"], from: ["due", "held", "failed"], to: "cancelled", effects: [] },
  reverse: { actors: ["operator"], from: ["paid"], to: "reversing", effects: ["reverse-transfer"] },
  "finish-reversal": {
    actors: ["stripe", "clock", "operator"],
    from: ["reversing", "paid"],
    to: "reversed",
    effects: [],
  },
} as const satisfies Machine<
  PayoutTransition,
  PayoutState,
  Actor,
  "create-transfer" | "announce" | "call-operator" | "reverse-transfer"
>;

/** Why a payout waits. */
export type HoldReason = "account_missing" | "account_not_ready" | "dispute_open" | "dispute_lost";
