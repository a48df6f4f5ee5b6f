import type { SealingKey } from "../crypto/seal";
import type { Database } from "../db/database";
import type { RestoreMark } from "../db/restore-mark";
import type { DeliveryJob } from "../domain/webhooks/delivery-job";

/** Everything that a delivery may use. */
export interface DeliveryDeps {
  db: Database;
  /** Reads the mark of a restore of the database: while the lost time is searched, nothing is delivered. */
  restored: () => Promise<RestoreMark | undefined>;
  nowMs: () => number;
  newId: (bucket?: number) => string;
  requestId: string;
  /** Sends over the network, or in the sandbox to its own inbox. */
  send: typeof fetch;
  timeoutMs: number;
  sealingKeys: readonly SealingKey[];
  loopbackAllowed: boolean;
}

/** The result of an attempt: delivery jobs of the events that it published, and the delay of the next attempt. */
export interface Delivered {
  told: readonly DeliveryJob[];
  nextInMs: number | null;
}

export const nothing: Delivered = { told: [], nextInMs: null };
