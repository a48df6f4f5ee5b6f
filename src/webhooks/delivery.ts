import type { SealingKey } from "../crypto/seal";
import type { Database } from "../db/database";
import type { RestoreMark } from "../db/restore-mark";
import type { Errand } from "../domain/errand";

/** What a delivery may use. */
export interface DeliveryDeps {
  db: Database;
  /** Whether the database was put back: while it is being searched for what it has lost, nobody is told anything. */
  restored: () => Promise<RestoreMark | undefined>;
  nowMs: () => number;
  newId: (bucket?: number) => string;
  requestId: string;
  /** The way out: the network, or the sandbox's own. */
  send: typeof fetch;
  timeoutMs: number;
  sealingKeys: readonly SealingKey[];
  loopbackAllowed: boolean;
}

/** What follows from an attempt: errands of what it tells others, and when the next attempt is. */
export interface Delivered {
  told: readonly Errand[];
  nextInMs: number | null;
}

export const nothing: Delivered = { told: [], nextInMs: null };
