import type { Actor, Machine } from "./machine";

/**
 * How a shopper pays. `attaching`: our row exists, Stripe has not answered yet. `active`: may be paid with. `removing`: is
 * being taken off at Stripe, and is paid with no more. `gone`: was taken off there by another hand, or its customer was
 * deleted. `failed`: Stripe would not have it.
 */
export const methodStates = ["attaching", "active", "removing", "removed", "gone", "failed"] as const;
export type MethodState = (typeof methodStates)[number];

export type MethodTransition = "keep" | "refuse" | "merge" | "drop" | "remove" | "detach" | "lose";

/** `merge`: the same card is there already. `drop`: the same, found before it was attached. */
export const methodMachine = {
  keep: { actors: ["stripe"], from: ["attaching"], to: "active", effects: [] },
  refuse: { actors: ["stripe"], from: ["attaching"], to: "failed", effects: [] },
  merge: { actors: ["stripe"], from: ["attaching"], to: "removing", effects: ["detach-method"] },
  drop: { actors: ["stripe"], from: ["attaching"], to: "removed", effects: [] },
  remove: { actors: ["developer"], from: ["active"], to: "removing", effects: ["detach-method"] },
  detach: { actors: ["stripe"], from: ["removing"], to: "removed", effects: [] },
  lose: { actors: ["stripe"], from: ["active"], to: "gone", effects: [] },
} as const satisfies Machine<MethodTransition, MethodState, Actor, "detach-method">;

interface Expiry {
  expMonth: number | null;
  expYear: number | null;
}

/** Whether a card runs longer than another with its number: the bank has renewed it. */
export function expiresLater(card: Expiry, other: Expiry): boolean {
  return monthsOf(card) > monthsOf(other);
}

function monthsOf({ expMonth, expYear }: Expiry): number {
  return (expYear ?? 0) * 12 + (expMonth ?? 0);
}

/** Which of a shopper's methods becomes the preferred one when that one goes: the newest. Ids tell the time. */
export function successorOf<M extends { id: string; state: string }>(
  methods: readonly M[],
  goneId: string,
): M | undefined {
  return methods
    .filter(({ id, state }) => state === "active" && id !== goneId)
    .reduce<M | undefined>((newest, one) => (newest && newest.id > one.id ? newest : one), undefined);
}
