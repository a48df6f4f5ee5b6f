import { and, eq, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { receivableEntries, receivables } from "../schema";

/** `raise` and `release` make the debt larger, `reserve` (netted with a payout) and `repay` smaller. */
export type ReceivableKind = "raise" | "reserve" | "release" | "repay";

/** Loads an expert's debt in a currency, and the effect of one payout's entries on it. */
export async function loadReceivable(db: Database, userId: string, currency: string, payoutId: string) {
  const [[row], entries] = await db.batch([
    db
      .select({ remainingMinor: receivables.remainingMinor })
      .from(receivables)
      .where(and(eq(receivables.userId, userId), eq(receivables.currency, currency))),
    db
      .select({ kind: receivableEntries.kind, amountMinor: receivableEntries.amountMinor })
      .from(receivableEntries)
      .where(and(eq(receivableEntries.userId, userId), eq(receivableEntries.payoutId, payoutId))),
  ]);
  const deltas = entries.map((one) => deltaOf(one.kind, one.amountMinor));
  const netMinor = deltas.reduce((sum, one) => sum + one, 0);
  return { remainingMinor: row?.remainingMinor ?? 0, netMinor, entries: entries.length };
}

function deltaOf(kind: ReceivableKind, amountMinor: number): number {
  return kind === "reserve" || kind === "repay" ? -amountMinor : amountMinor;
}

/** Changes an expert's debt, once per number of the payout. The CHECK refuses to go below zero. */
export function moveReceivable(
  db: Database,
  entry: {
    userId: string;
    payoutId: string;
    number: number;
    kind: ReceivableKind;
    amountMinor: number;
    currency: string;
    at: number;
  },
): Statement[] {
  const { currency, ...row } = entry;
  const deltaMinor = deltaOf(entry.kind, entry.amountMinor);
  return [
    db.insert(receivableEntries).values(row),
    deltaMinor < 0
      ? db
          .update(receivables)
          .set({ remainingMinor: sql`${receivables.remainingMinor} + ${deltaMinor}` })
          .where(and(eq(receivables.userId, entry.userId), eq(receivables.currency, currency)))
      : db
          .insert(receivables)
          .values({ userId: entry.userId, currency, remainingMinor: deltaMinor })
          .onConflictDoUpdate({
            target: [receivables.userId, receivables.currency],
            set: { remainingMinor: sql`${receivables.remainingMinor} + ${deltaMinor}` },
          }),
  ];
}
