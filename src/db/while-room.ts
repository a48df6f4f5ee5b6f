import { type SQL, sql } from "drizzle-orm";

/**
 * Makes the creation time of a new row, or null where the owner has as many already as there may be: no table takes null
 * there, so the whole batch fails. D1 runs one batch at a time, so no other row can come in between.
 */
export function whileRoom(createdAt: number, most: number, already: SQL): SQL<number> {
  return sql`case when ${already} < ${most} then ${createdAt} end`;
}

/** Counts what a selection finds, and stops at the number that matters. */
export function countUpTo(most: number, selected: SQL): SQL {
  return sql`(select count(*) from (${selected} limit ${most}))`;
}

/** Tells whether a write failed because there was no room. */
export function isFull(constraint: string): boolean {
  return constraint.endsWith(".created_at");
}
