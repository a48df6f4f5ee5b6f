import Stripe from "stripe";
import { vi } from "vitest";

/**
 * Removes two slow things that these tests are not about: the SDK waits half a second before it repeats a call, and
 * every change is logged. Together they take most of the time of hundreds of failing calls.
 */
export function quickly(): void {
  vi.spyOn(Stripe.prototype, "getInitialNetworkRetryDelay").mockReturnValue(0.01);
  for (const level of ["info"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
}
