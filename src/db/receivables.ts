import { and, eq, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { receivableEntries, receivables } from "./schema";

/** `raise` and `release` make the debt larger, `reserve` (netted with a payout) and `repay` smaller. */
export type ReceivableKind = "raise" | "reserve" | "release" | "repay";

/** What an expert owes us in a currency, and what one payout has already done to it. */
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
  const of = (kind: string) => entries.find((one) => one.kind === kind)?.amountMinor;
  return {
    remainingMinor: row?.remainingMinor ?? 0,
    raised: of("raise"),
    reserved: of("reserve"),
    released: of("release"),
    repaid: of("repay"),
  };
}

/** Moves what an expert owes by `deltaMinor`, once per payout and kind. The CHECK refuses to go below zero. */
export function moveReceivable(
  db: Database,
  entry: {
    userId: string;
    payoutId: string;
    kind: ReceivableKind;
    amountMinor: number;
    currency: string;
    at: number;
  },
): Statement[] {
  const { currency, ...row } = entry;
  const isLess = entry.kind === "reserve" || entry.kind === "repay";
  const deltaMinor = isLess ? -entry.amountMinor : entry.amountMinor;
  return [
    db.insert(receivableEntries).values(row),
    isLess
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
