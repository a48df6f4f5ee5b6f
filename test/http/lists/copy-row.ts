import { makeId } from "../../../src/domain/id";
import type { Chance } from "../../e2e/kill/chance";
import { rows } from "../../operations/rows";

type Cells = Record<string, string | number | null>;

/** Inserts another row like the first one that a condition finds, with some cells of its own. */
export async function copyRow(table: string, where: string, values: readonly unknown[], cells: Cells): Promise<Cells> {
  const [found] = await rows<Cells>(`select * from ${table} where ${where} limit 1`, ...values);
  if (!found) throw new Error(`${table} has no row where ${where}`);
  return insertRow(table, { ...found, ...cells });
}

export async function insertRow(table: string, cells: Cells): Promise<Cells> {
  const names = Object.keys(cells);
  const query = `insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`;
  await rows(query, ...Object.values(cells));
  return cells;
}

let atMs = Math.ceil(Date.now() / 1000) * 1000;

/** Returns the id and the time of a new row: in a whole second, which may be that of the row before. */
export function newRow(random: Chance): { id: string; created_at: number } {
  atMs += random.pick([0, 1_000, 90_000]) ?? 0;
  return { id: makeId(atMs, 0, crypto.getRandomValues(new Uint8Array(9))), created_at: atMs };
}
