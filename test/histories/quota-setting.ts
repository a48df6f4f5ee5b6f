import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { forgetAhead } from "../../src/day-quota";

/** The quotas of a history; without one, everybody has room for everything. */
export interface Quotas {
  /** The rows that a user, and an application, may store in a day. */
  rowsPerDay: number;
  /** The most testimonies of a client, offers of an expert and pages of a client that may be open at once. */
  open: number;
}

export const quotas: fc.Arbitrary<Quotas> = fc.record({
  rowsPerDay: fc.constantFrom(60, 120, 100_000),
  open: fc.constantFrom(2, 3),
});

/** Returns the variables that set the quotas. */
export function quotaSettings(drawn: Quotas | undefined): Record<string, string> {
  if (!drawn) return {};
  const { rowsPerDay, open } = drawn;
  return {
    USER_ROWS_PER_DAY: String(rowsPerDay),
    APPLICATION_ROWS_PER_DAY: String(rowsPerDay),
    OPEN_ROWS: ["testimonies", "offers", "checkouts"].map((kind) => `${kind}:${open}`).join(),
  };
}

/** Forgets what was counted in earlier histories, whose clock was another. */
export async function forgetCounts(): Promise<void> {
  const { LIMITER } = env as unknown as Record<"LIMITER", DurableObjectNamespace>;
  const ids = await listDurableObjectIds(LIMITER);
  for (const id of ids) await runInDurableObject(LIMITER.get(id), (_, { storage }) => storage.deleteAll());
  forgetAhead();
}
