import { type AnyColumn, type SQL, sql } from "drizzle-orm";

/*
 * A total that only grows may not stop what it counts, but SQLite's integers end at 2^63. So it is kept as two
 * integers: `high` counts hundred millions, `low` is the remainder. Sums of either stay far below 2^63.
 */

/** The value of one unit of `high`. */
const base = sql.raw("100000000");

type Part = AnyColumn | SQL;

/** The two integers of one total. */
export interface GrownTotal<T extends Part = Part> {
  high: T;
  low: T;
}

type Side = "Credited" | "Debited";
type Columns = Record<`total${Side}${"High" | "Low"}`, AnyColumn>;

/** A row as it is read: its totals are texts of integers. */
export type WithTotals<Row> = Omit<Row, keyof Columns> & Record<`total${Side}`, string>;

/** Returns a table's columns with its totals as exact texts. */
export function withTotals<C extends Columns>(columns: C) {
  const { totalCreditedHigh, totalCreditedLow, totalDebitedHigh, totalDebitedLow, ...others } = columns;
  return {
    ...others,
    totalCredited: totalText({ high: totalCreditedHigh, low: totalCreditedLow }).as("total_credited"),
    totalDebited: totalText({ high: totalDebitedHigh, low: totalDebitedLow }).as("total_debited"),
  };
}

export function creditedOf({ totalCreditedHigh, totalCreditedLow }: Columns): GrownTotal<AnyColumn> {
  return { high: totalCreditedHigh, low: totalCreditedLow };
}

export function debitedOf({ totalDebitedHigh, totalDebitedLow }: Columns): GrownTotal<AnyColumn> {
  return { high: totalDebitedHigh, low: totalDebitedLow };
}

/** Adds an integer to a total. */
export function grownBy({ high, low }: GrownTotal, amount: SQL): GrownTotal<SQL> {
  return { high: sql`(${high} + (${low} + ${amount}) / ${base})`, low: sql`((${low} + ${amount}) % ${base})` };
}

/** Sums integers into a total. */
export function sumOf(amount: Part): GrownTotal<SQL> {
  return sumOfTotals({ high: sql`(${amount}) / ${base}`, low: sql`(${amount}) % ${base}` });
}

/** Sums totals; the sum of none is zero. */
export function sumOfTotals({ high, low }: GrownTotal): GrownTotal<SQL> {
  const rest = sql`coalesce(sum(${low}), 0)`;
  return { high: sql`(coalesce(sum(${high}), 0) + ${rest} / ${base})`, low: sql`(${rest} % ${base})` };
}

/**
 * Subtracts one total from another. The result is an integer, so the two must not be further apart than an integer
 * holds.
 */
export function difference(more: GrownTotal, less: GrownTotal): SQL {
  return sql`(${more.high} - ${less.high}) * ${base} + ${more.low} - ${less.low}`;
}

/** Makes the condition that a total is in its only valid form. */
export function isGrownTotal({ high, low }: GrownTotal): SQL {
  return sql`${high} >= 0 and ${low} >= 0 and ${low} < ${base}`;
}

/** Converts a total into an exact text, because a JavaScript number does not hold all digits. */
function totalText({ high, low }: GrownTotal): SQL<string> {
  return sql<string>`case ${high} when 0 then cast(${low} as text) else ${high} || printf('%08d', ${low}) end`;
}

/** Converts an integer into an exact text, because it may be more than a JavaScript number holds. */
export function integerText(value: Part): SQL<string> {
  return sql<string>`cast(${value} as text)`;
}
