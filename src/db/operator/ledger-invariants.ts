import { type SQL, sql } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { offerInvariants } from "../offers/invariants";
import { paymentInvariants } from "../payments/invariants";
import { transferInvariants } from "../transfers/invariants";

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

/** Prints the queries by their names. Throws if one takes parameters: a raw statement in a batch has none. */
export function printInvariants(): Record<string, string> {
  const dialect = new SQLiteAsyncDialect();
  return Object.fromEntries(
    Object.entries(invariants).map(([name, query]) => {
      const { sql: text, params } = dialect.sqlToQuery(query);
      if (params.length > 0) throw new Error(`the invariant ${name} takes parameters`);
      return [name, text.replaceAll(/\s+/g, " ").trim()];
    }),
  );
}
