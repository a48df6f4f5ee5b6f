import { type AnyColumn, type SQL, sql } from "drizzle-orm";

/*
 * A total that only grows may not stop what it counts, but SQLite's integers end at 2^63. So it is kept as two: `high`
 * counts hundred millions, `low` is what is left of them. Sums of either stay far below 2^63.
 */

/** One unit of `high` is worth so many of `low`. */
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

/** Selects a table's totals so that they come digit for digit. */
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

/** A total to which an integer is added. */
export function grownBy({ high, low }: GrownTotal, amount: SQL): GrownTotal<SQL> {
  return { high: sql`(${high} + (${low} + ${amount}) / ${base})`, low: sql`((${low} + ${amount}) % ${base})` };
}

/** The sum of integers. */
export function sumOf(amount: Part): GrownTotal<SQL> {
  return sumOfTotals({ high: sql`(${amount}) / ${base}`, low: sql`(${amount}) % ${base}` });
}

/** The sum of totals; of none it is zero. */
export function sumOfTotals({ high, low }: GrownTotal): GrownTotal<SQL> {
  const rest = sql`coalesce(sum(${low}), 0)`;
  return { high: sql`(coalesce(sum(${high}), 0) + ${rest} / ${base})`, low: sql`(${rest} % ${base})` };
}

/** One total less another: an integer, where they are not further apart than one holds. */
export function difference(more: GrownTotal, less: GrownTotal): SQL {
  return sql`(${more.high} - ${less.high}) * ${base} + ${more.low} - ${less.low}`;
}

/** That a total is written in one way only. */
export function isGrownTotal({ high, low }: GrownTotal): SQL {
  return sql`${high} >= 0 and ${low} >= 0 and ${low} < ${base}`;
}

/** A total digit for digit, as a text: no number of JavaScript holds all of them. */
function totalText({ high, low }: GrownTotal): SQL<string> {
  return sql<string>`case ${high} when 0 then cast(${low} as text) else ${high} || printf('%08d', ${low}) end`;
}

/** An integer digit for digit, which may be more than a number of JavaScript holds. */
export function integerText(value: Part): SQL<string> {
  return sql<string>`cast(${value} as text)`;
}
