import Stripe from "stripe";
import { vi } from "vitest";

/**
 * The SDK waits half a second before it repeats a call, and every change is logged: neither is what these tests are
 * about, and together they are most of the time that hundreds of broken calls take.
 */
export function quickly(): void {
  vi.spyOn(Stripe.prototype, "getInitialNetworkRetryDelay").mockReturnValue(0.01);
  for (const level of ["info"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
}
