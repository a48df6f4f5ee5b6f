import { vi } from "vitest";

/** Prints no log of changes, of which these tests make thousands. */
export function quickly(): void {
  vi.spyOn(console, "info").mockReturnValue(undefined);
}
