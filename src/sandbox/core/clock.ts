import type { Settings } from "./settings";

/** The only movable clock: the wall clock plus an offset that survives a restart. */
export class Clock {
  #momentSeconds: number | null = null;

  constructor(private readonly settings: Settings) {}

  offsetMs(): number {
    return Number(this.settings.get("clock_offset_ms") ?? "0");
  }

  advance(seconds: number): void {
    this.settings.set("clock_offset_ms", String(this.offsetMs() + seconds * 1000));
  }

  nowSeconds(): number {
    return this.#momentSeconds ?? Math.floor((Date.now() + this.offsetMs()) / 1000);
  }

  /** Runs `work` as if it were `seconds`, so that overdue work is done at the time it was due. */
  at<T>(seconds: number, work: () => T): T {
    this.#momentSeconds = seconds;
    try {
      return work();
    } finally {
      this.#momentSeconds = null;
    }
  }
}
