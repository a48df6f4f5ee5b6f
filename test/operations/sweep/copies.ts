import { rows } from "../rows";

/**
 * Inserts copies of an existing row, which differ as `changes` says: SQL for a column, in which `i` is the number of
 * the copy. It makes rows in a state that no command settles, which no request can make.
 */
export async function copy(
  { table, where, count }: { table: string; where: string; count: number },
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const [row] = await rows<Record<string, unknown>>(`select * from ${table} where ${where}`);
  if (!row) throw new Error(`there is no row of ${table} where ${where}`);
  const columns = Object.keys(row);
  const values = columns.map((name) => changes[name] ?? `one.${name}`);
  await rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
     insert into ${table} (${columns.join(", ")})
     select ${values.join(", ")} from n, (select * from ${table} where ${where} limit 1) as one`,
  );
}

/** Makes an id like another one, with the same root and bucket. */
export function idLike(column: string): string {
  return `substr(one.${column}, 1, 24) || printf('%012x', i)`;
}
