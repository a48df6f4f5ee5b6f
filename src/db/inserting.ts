import { getTableColumns } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { compiled } from "./compiled";
import type { Database, Statement } from "./database";
import { perShape } from "./per-shape";

/**
 * Makes the statement that inserts rows into a table, compiled for each number of rows. A column that a row does not name
 * is null.
 */
export function inserting<T extends SQLiteTable>(
  table: T,
): (db: Database, rows: readonly T["$inferInsert"][]) => Statement {
  const columns = Object.keys(getTableColumns(table));
  // The value of the column `id` in the second row is named `id1`.
  const ofCount = perShape((count: number) =>
    compiled((db, given: Record<string, unknown>) => {
      const rows = Array.from({ length: count }, (_, at) =>
        Object.fromEntries(columns.map((column) => [column, given[column + at]])),
      );
      return [db.insert(table).values(rows as T["$inferInsert"][])] as const;
    }),
  );
  return (db, rows) => {
    const values = rows.flatMap((row, at) =>
      columns.map((column) => [column + at, (row as Record<string, unknown>)[column] ?? null]),
    );
    return ofCount(rows.length)(db, Object.fromEntries(values))[0];
  };
}
