import type { Settings } from "./settings";

export const EVENT_MODES = ["deliver", "hold", "duplicate", "shuffle", "drop"] as const;
export type EventMode = (typeof EVENT_MODES)[number];

export type DeliveryState = "queued" | "held" | "delivered" | "dropped" | "failed";

export interface Delivery extends Record<string, SqlStorageValue> {
  event: string;
  seq: number;
  /** Events of one lane are delivered in order; lanes run at the same time. */
  lane: string;
  attempts: number;
}

/** Delays of the attempts after each failure; after three days Stripe gives up. */
const RETRY_DELAYS_SECONDS = [10, 60, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000];

/** The events that must still reach the application's webhook route. */
export class Deliveries {
  constructor(
    private readonly sql: SqlStorage,
    private readonly settings: Settings,
  ) {}

  mode(): EventMode {
    return EVENT_MODES.find((mode) => mode === this.settings.get("event_mode")) ?? "deliver";
  }

  setMode(mode: EventMode): void {
    this.settings.set("event_mode", mode);
  }

  /** Adds an event. The mode at this time decides: a held event waits for a flush, a dropped one never arrives. */
  add(event: string, lane: string, nowSeconds: number): void {
    const mode = this.mode();
    const state: DeliveryState = mode === "hold" ? "held" : mode === "drop" ? "dropped" : "queued";
    this.sql.exec(
      `INSERT INTO deliveries (event, seq, lane, state, attempts, next_at)
       VALUES (?, (SELECT coalesce(max(seq), 0) + 1 FROM deliveries), ?, ?, 0, ?)`,
      event,
      lane,
      state,
      nowSeconds,
    );
  }

  due(nowSeconds: number): Delivery[] {
    return this.sql
      .exec<Delivery>(
        "SELECT event, seq, lane, attempts FROM deliveries WHERE state = 'queued' AND next_at <= ? ORDER BY seq LIMIT 200",
        nowSeconds,
      )
      .toArray();
  }

  held(): Delivery[] {
    return this.sql
      .exec<Delivery>("SELECT event, seq, lane, attempts FROM deliveries WHERE state = 'held' ORDER BY seq")
      .toArray();
  }

  succeeded(event: string): void {
    this.#to(event, "delivered");
  }

  failed(event: string, attempts: number, nowSeconds: number): void {
    const delay = RETRY_DELAYS_SECONDS[attempts];
    if (delay === undefined) {
      this.#to(event, "failed");
      return;
    }
    this.sql.exec(
      "UPDATE deliveries SET state = 'queued', attempts = ?, next_at = ? WHERE event = ?",
      attempts + 1,
      nowSeconds + delay,
      event,
    );
  }

  /** Counts all events so far. */
  count(): number {
    return this.sql.exec<{ n: number }>("SELECT coalesce(max(seq), 0) AS n FROM deliveries").one().n;
  }

  counts(): Record<DeliveryState, number> {
    const counts = { queued: 0, held: 0, delivered: 0, dropped: 0, failed: 0 };
    const rows = this.sql.exec<{ state: DeliveryState; n: number }>(
      "SELECT state, count(*) AS n FROM deliveries GROUP BY state",
    );
    for (const row of rows) {
      counts[row.state] = row.n;
    }
    return counts;
  }

  #to(event: string, state: DeliveryState): void {
    this.sql.exec("UPDATE deliveries SET state = ? WHERE event = ?", state, event);
  }
}
