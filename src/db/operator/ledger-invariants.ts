import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../database";
import { offerInvariants } from "../offers/invariants";
import { paymentInvariants } from "../payments/invariants";
import { transferInvariants } from "../transfers/invariants";

/** An invariant, and the first rows that violate it. */
export interface Invariant {
  name: string;
  ok: boolean;
  violations: Record<string, unknown>[];
}

/** The most violations that are read: enough to find the cause. */
const violationsMax = sql.raw("limit 20"); // as text: a raw statement in a batch takes no parameters

/**
 * Each query finds the violations of one invariant: rows that must not exist. All are read in one batch, and so as of
 * one moment: a concurrent change is seen completely or not at all.
 */
const invariants: Record<string, SQL> = {
  // The postings by themselves.
  change_lines_sum_to_zero: sql`
    select aggregate_id, version, currency, sum(amount_minor) as sum_minor from postings
    group by aggregate_id, version, currency having sum(amount_minor) <> 0`,
  ledger_sums_to_zero: sql`
    select currency, sum(amount_minor) as sum_minor from postings
    group by currency having sum(amount_minor) <> 0`,
  every_posting_has_its_change: sql`
    select distinct p.aggregate_id, p.version from postings p
    left join journal j on j.aggregate_id = p.aggregate_id and j.version = p.version
    where j.version is null`,
  every_event_has_its_change: sql`
    select o.aggregate_id, o.sequence, o.version from outbox o
    left join journal j on j.aggregate_id = o.aggregate_id and j.version = o.version
    where j.version is null`,
  versions_have_no_gaps: sql`
    select aggregate_id, min(version) as first, max(version) as last, count(*) as changes from journal
    group by aggregate_id having min(version) <> 1 or max(version) <> count(*)`,
  event_sequences_have_no_gaps: sql`
    select aggregate_id, min(sequence) as first, max(sequence) as last, count(*) as events from outbox
    group by aggregate_id having min(sequence) <> 1 or max(sequence) <> count(*)`,

  ...offerInvariants,
  ...paymentInvariants,
  ...transferInvariants,
};

/** Checks the postings against themselves, the journal and the rows. One round trip; the cost grows with the ledger. */
export async function checkInvariants(db: Database): Promise<Invariant[]> {
  const [first, ...rest] = Object.values(invariants).map((query) =>
    db.all<Record<string, unknown>>(sql`${query} ${violationsMax}`),
  );
  const found = first ? await db.batch([first, ...rest]) : [];
  return Object.keys(invariants).map((name, position) => {
    const violations = found[position] ?? [];
    return { name, ok: violations.length === 0, violations };
  });
}
