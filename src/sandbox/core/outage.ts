import type { Clock } from "./clock";
import type { FaultKind } from "./faults";
import type { Settings } from "./settings";

/** A span of the clock in which every request of the application fails in the same way. */
export interface OutageState {
  kind: FaultKind;
  untilSeconds: number;
}

/**
 * Simulates that Stripe is down until a moment of the clock. Its pages for people, and inspection of the sandbox, are
 * not affected.
 */
export class Outage {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  begin(kind: FaultKind, seconds: number): void {
    this.settings.set("outage", JSON.stringify({ kind, untilSeconds: this.clock.nowSeconds() + seconds }));
  }

  end(): void {
    this.settings.set("outage", "null");
  }

  /** Returns the present outage; null if there is none. */
  state(): OutageState | null {
    const state = JSON.parse(this.settings.get("outage") ?? "null") as OutageState | null;
    return state !== null && this.clock.nowSeconds() < state.untilSeconds ? state : null;
  }
}
