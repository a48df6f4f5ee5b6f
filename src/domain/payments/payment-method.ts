import type { Actor, Machine } from "../machine";

/**
 * The states of a shopper's payment method. `attaching`: our row exists, Stripe has not answered yet. `active`: can be
 * used. `removing`: is being detached at Stripe and cannot be used. `gone`: was detached out-of-band, or its customer
 * was deleted. `failed`: Stripe refused it.
 */
export const methodStates = ["attaching", "active", "removing", "removed", "gone", "failed"] as const;
export type MethodState = (typeof methodStates)[number];

export type MethodTransition = "keep" | "refuse" | "merge" | "drop" | "remove" | "detach" | "lose";

/**
 * The transitions of a payment method. `merge`: the customer already has the same card. `drop`: the same, found before
 * this one was attached.
 */
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

/** Tells whether a card expires later than another with the same number, which means that the bank has renewed it. */
export function expiresLater(card: Expiry, other: Expiry): boolean {
  return monthsOf(card) > monthsOf(other);
}

function monthsOf({ expMonth, expYear }: Expiry): number {
  return (expYear ?? 0) * 12 + (expMonth ?? 0);
}

/**
 * Returns the method that becomes the preferred one when the current one is removed: the newest active one. Ids sort by
 * time.
 */
export function successorOf<M extends { id: string; state: string }>(
  methods: readonly M[],
  goneId: string,
): M | undefined {
  return methods
    .filter(({ id, state }) => state === "active" && id !== goneId)
    .reduce<M | undefined>((newest, one) => (newest && newest.id > one.id ? newest : one), undefined);
}
