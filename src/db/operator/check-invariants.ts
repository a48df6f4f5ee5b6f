import { sql } from "drizzle-orm";
import type { Database } from "../database";

/** An invariant, and the first rows that violate it. */
export interface Invariant {
  name: string;
  ok: boolean;
  violations: Record<string, unknown>[];
}

/** The most violations that are read: enough to find the cause. */
const violationsMax = 20;

/**
 * Checks the postings against themselves, the journal and the rows. `invariants` are the queries of
 * ledger-invariants.ts by name. One round trip; the cost grows with the ledger.
 */
export async function checkInvariants(
  db: Database,
  invariants: Readonly<Record<string, string>>,
): Promise<Invariant[]> {
  const [first, ...rest] = Object.values(invariants).map((query) =>
    db.all<Record<string, unknown>>(sql.raw(`${query} limit ${violationsMax}`)),
  );
  const found = first ? await db.batch([first, ...rest]) : [];
  return Object.keys(invariants).map((name, position) => {
    const violations = found[position] ?? [];
    return { name, ok: violations.length === 0, violations };
  });
}
