import type { Machine } from "../machine";

/** The states of a transfer: the first, and the four final ones. */
export const transferStates = ["AWAITING_ACCEPTANCE", "COMPLETED", "REJECTED", "EXPIRED", "CANCELLED"] as const;
export type TransferState = (typeof transferStates)[number];

export type TransferTransition = "accept" | "reject" | "cancel" | "expire";

/** The parties of a transfer, each of which can end it in its own way, and the clock. */
export type Party = "sender" | "receiver" | "clock";

export type TransferEffect = "move-money" | "notify-sender" | "notify-receiver";

/**
 * The transitions of a transfer, which is resolved once: nothing leads out of the final states. The sender's callback
 * hears of every end; the receiver hears of the one that it may not expect.
 */
export const transferMachine = {
  accept: {
    actors: ["receiver"],
    from: ["AWAITING_ACCEPTANCE"],
    to: "COMPLETED",
    effects: ["move-money", "notify-sender"],
  },
  reject: { actors: ["receiver"], from: ["AWAITING_ACCEPTANCE"], to: "REJECTED", effects: ["notify-sender"] },
  cancel: {
    actors: ["sender"],
    from: ["AWAITING_ACCEPTANCE"],
    to: "CANCELLED",
    effects: ["notify-receiver", "notify-sender"],
  },
  expire: { actors: ["clock"], from: ["AWAITING_ACCEPTANCE"], to: "EXPIRED", effects: ["notify-sender"] },
} as const satisfies Machine<TransferTransition, TransferState, Party, TransferEffect>;

/**
 * Tells whether the window for an answer is over: `expiresAt` itself is outside it (src/guides/decisions.md#expiry).
 */
export function isOver({ expiresAt }: { expiresAt: number }, atMs: number): boolean {
  return atMs >= expiresAt;
}

const digitsMax = 10n ** 8n;
const lettersMax = 36n ** 5n;

/**
 * Returns the reference of a transfer: `TXN-`, 8 digits, and 8 characters of which the first three name its shard. It
 * is made of the id's random bits, so that different ids make different references.
 */
export function referenceOf(id: string): string {
  const place = id.slice(15, 18).toUpperCase();
  const random = BigInt(`0x${id.slice(20).replaceAll("-", "")}`);
  const digits = (random % digitsMax).toString().padStart(8, "0");
  const letters = ((random / digitsMax) % lettersMax).toString(36).toUpperCase().padStart(5, "0");
  return `TXN-${digits}-${place}${letters}`;
}
