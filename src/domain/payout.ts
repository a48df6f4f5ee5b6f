import { type ChargeMoney, goneMinor, stillOurs } from "./charge";
import type { Actor, Machine } from "./machine";

/**
 * What the expert is owed for one accepted offer. `due`: to be sent. `held`: waits, for as long as one reason stands.
 * `sending`: the transfer is claimed. `paid`: Stripe has it. `reversing`, `reversed`: taken back by an operator's refund.
 * `cancelled`: never sent. `failed`: an operator must look.
 */
export const payoutStates = ["due", "held", "sending", "paid", "reversing", "reversed", "cancelled", "failed"] as const;
export type PayoutState = (typeof payoutStates)[number];

export type PayoutTransition =
  | "hold"
  | "release"
  | "retry"
  | "send"
  | "pay"
  | "fail"
  | "cancel"
  | "reverse"
  | "finish-reversal";

/** A pair of verb and state that is not here is refused (src/guides/decisions.md#paying-the-expert). */
export const payoutMachine = {
  hold: { actors: ["stripe", "clock"], from: ["due", "held", "sending"], to: "held", effects: [] },
  release: { actors: ["operator"], from: ["held"], to: "due", effects: [] },
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

/**
 * Why a payout waits, in the order in which it is told. `person`: an operator ends it, unless the world does. `expert`:
 * what its expert can do.
 */
export const holdRules = {
  account_missing: { person: false, expert: "open_payout_account" },
  account_gone: { person: false, expert: "open_payout_account" },
  account_not_ready: { person: false, expert: "finish_payout_account" },
  dispute_open: { person: false, expert: "wait" },
  dispute_lost: { person: true, expert: "wait" },
  refunded_at_stripe: { person: true, expert: "wait" },
  /** Somebody has sent the charge's money elsewhere, or it holds too little for another reason. */
  charge_spent: { person: true, expert: "wait" },
  /** The platform's balance does not cover it: the next charge or a top-up does, and payouts to the bank take it away. */
  balance_insufficient: { person: true, expert: "wait" },
} as const satisfies Record<string, { person: boolean; expert: HoldStep }>;

/** What an expert can do about a payout that waits. */
export const holdSteps = ["open_payout_account", "finish_payout_account", "wait"] as const;
type HoldStep = (typeof holdSteps)[number];

export type HoldReason = keyof typeof holdRules;

/** The closed list, in its order. */
export const holdReasons = Object.keys(holdRules) as [HoldReason, ...HoldReason[]];

/** What an expert can do about what holds a payout: each step once, and nothing but wait where nothing else is left. */
export function toDo(holds: readonly HoldReason[]): HoldStep[] {
  const steps = new Set<HoldStep>(holds.map((one) => holdRules[one].expert));
  if (steps.size > 1) steps.delete("wait");
  return [...steps];
}

/** Whether only a person, or better news from Stripe, ends one of these reasons. */
export function needPerson(holds: readonly HoldReason[]): boolean {
  return holds.some((one) => holdRules[one].person);
}

/**
 * Why a charge's money keeps its payout here. What an operator has accepted as gone holds no more; anything beyond it
 * does, whoever took it.
 */
export function holdsOfCharge(money: ChargeMoney, acceptedGoneMinor: number, wantedMinor: number): HoldReason[] {
  const holds: HoldReason[] = [];
  const isMore = goneMinor(money) > acceptedGoneMinor;
  if (isMore && money.hasOpenDispute) holds.push("dispute_open");
  if (isMore && money.lostMinor > 0) holds.push("dispute_lost");
  if (isMore && money.refundedPastUsMinor > 0) holds.push("refunded_at_stripe");
  if (isMore && money.spentPastUsMinor > 0) holds.push("charge_spent");
  return holds.length === 0 && wantedMinor > stillOurs(money) ? ["charge_spent"] : holds;
}

/** The amounts of a payout, in minor units. */
export interface PayoutAmounts {
  state: PayoutState;
  /** The price, as it was agreed. */
  amountMinor: number;
  /** The part of it that the expert is not to have: given back to the client, or written off. */
  loweredMinor: number;
  /** What the transfer was for. */
  sentMinor: number;
  nettedMinor: number;
  reversedMinor: number;
}

/** What is still to be had of a payout that was not sent. */
export function wantedMinor({ amountMinor, loweredMinor }: PayoutAmounts): number {
  return amountMinor - loweredMinor;
}

/** What the expert is owed of a payout; below zero, what the expert has too much. */
export function owedMinor(payout: PayoutAmounts): number {
  const isSent = payout.state === "paid" || payout.state === "reversing" || payout.state === "reversed";
  const hasMinor = isSent ? payout.sentMinor + payout.nettedMinor - payout.reversedMinor : 0;
  return wantedMinor(payout) - hasMinor;
}
