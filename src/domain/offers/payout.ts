import { line, type PostingLine } from "../ledger";
import type { Actor, Machine } from "../machine";
import { type ChargeMoney, goneMinor, stillOurs } from "./charge";
import type { AwaitedRelease } from "./release";

/**
 * The states of what an expert is owed for one accepted offer. `due`: to be sent. `held`: waits as long as a hold
 * reason exists. `sending`: the transfer is a pending Stripe call. `paid`: Stripe made the transfer. `reversing`,
 * `reversed`: taken back by an operator's refund. `cancelled`: never sent. `failed`: an operator must look.
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

/**
 * The transitions of a payout. Any other pair of state and transition is refused
 * (src/guides/decisions.md#paying-the-expert).
 */
export const payoutMachine = {
  hold: { actors: ["stripe", "clock"], from: ["due", "held", "sending"], to: "held", effects: [] },
  release: { actors: ["operator", "expert"], from: ["held"], to: "due", effects: [] },
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
 * The reasons for which a payout waits, in the order in which they are shown. `person` means that an operator ends the
 * hold, unless the cause disappears by itself; `expert` is what the expert can do about it.
 */
export const holdRules = {
  account_missing: { person: false, expert: "open_payout_account" },
  account_gone: { person: false, expert: "open_payout_account" },
  account_not_ready: { person: false, expert: "finish_payout_account" },
  dispute_open: { person: false, expert: "wait" },
  dispute_lost: { person: true, expert: "wait" },
  refunded_at_stripe: { person: true, expert: "wait" },
  /** The charge holds too little for the payout, for example because somebody transferred its money elsewhere. */
  charge_spent: { person: true, expert: "wait" },
  /**
   * The platform's balance does not cover the payout. The next charge or a top-up adds to it, payouts to our bank
   * reduce it.
   */
  balance_insufficient: { person: true, expert: "wait" },
  /** The platform sends payouts only some time after acceptance, or once the testimony is completed. */
  not_released: { person: false, expert: "wait" },
} as const satisfies Record<string, { person: boolean; expert: HoldStep }>;

/** The steps that an expert can take about a held payout. */
export const holdSteps = ["open_payout_account", "finish_payout_account", "complete_testimony", "wait"] as const;
type HoldStep = (typeof holdSteps)[number];

export type HoldReason = keyof typeof holdRules;

/** All hold reasons in their order. */
export const holdReasons = Object.keys(holdRules) as [HoldReason, ...HoldReason[]];

/**
 * Returns the steps that an expert can take about these holds: each once, and `wait` only if there is no other.
 * `releaseOn` is what a release waits for.
 */
export function toDo(holds: readonly HoldReason[], releaseOn: AwaitedRelease["releaseOn"] = null): HoldStep[] {
  const isByExpert = (hold: HoldReason) => hold === "not_released" && releaseOn === "completed";
  const steps = new Set<HoldStep>(holds.map((one) => (isByExpert(one) ? "complete_testimony" : holdRules[one].expert)));
  if (steps.size > 1) steps.delete("wait");
  return [...steps];
}

/** Tells whether one of these reasons needs a person, or a change at Stripe, to end. */
export function needPerson(holds: readonly HoldReason[]): boolean {
  return holds.some((one) => holdRules[one].person);
}

/**
 * Lists the reasons in a charge's money for which its payout must wait. An operator can accept an amount as gone;
 * anything beyond it holds the payout, whoever took it.
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
  /** The agreed price. */
  amountMinor: number;
  /** The part of the price that the expert will not receive: returned to the client, or written off. */
  loweredMinor: number;
  /** The amount of the transfer. */
  sentMinor: number;
  nettedMinor: number;
  reversedMinor: number;
}

/** Computes the amount to be sent for a payout. */
export function wantedMinor({ amountMinor, loweredMinor }: PayoutAmounts): number {
  return amountMinor - loweredMinor;
}

/** Computes what the expert is still owed of a payout. A negative result is what the expert has received too much. */
export function owedMinor(payout: PayoutAmounts): number {
  const isSent = payout.state === "paid" || payout.state === "reversing" || payout.state === "reversed";
  const hasMinor = isSent ? payout.sentMinor + payout.nettedMinor - payout.reversedMinor : 0;
  return wantedMinor(payout) - hasMinor;
}

/**
 * Makes the expert's side of the postings of a payout's change: owed money is payable, money that the expert received
 * too much is a receivable. The lines sum to what was owed before less what is owed after; the caller adds the other
 * side.
 */
export function owedPostings(
  before: PayoutAmounts,
  after: PayoutAmounts,
  currency: string,
  reference?: string,
): PostingLine[] {
  const [from, to] = [owedMinor(before), owedMinor(after)];
  return [
    ...line("expert_payable", currency, Math.max(from, 0) - Math.max(to, 0), reference),
    ...line("expert_receivable", currency, Math.max(-to, 0) - Math.max(-from, 0), reference),
  ];
}
