import { DatabaseSync } from "node:sqlite";
import { busyMs, databaseFile } from "../e2e/kill/stored.ts";

type Value = string | number | null;
type Row = Record<string, Value>;

/** Things that all copies share, whose rows are not copied. */
const shared = [
  "accounts",
  "app_users",
  "applications",
  "apps",
  "connected_accounts",
  "cursors",
  "developer_tokens",
  "developers",
  "idempotency_keys",
  "payment_methods",
  "subjects",
  "tags",
  "users",
  "wallets",
  "webhook_endpoints",
];

const betweenMs = 20_000;

interface Copied {
  id: string;
  /** Nothing of it is older. */
  createdAtMs: number;
  copies: number;
}

/**
 * Copies everything that a stopped sandbox has recorded of one thing: its rows, and those of its changes, events and
 * deliveries, each copy under ids of its own and `betweenMs` before the last. Returns how many rows were written.
 */
export function copyRows(stateDir: string, { id: root, createdAtMs, copies }: Copied): number {
  const database = new DatabaseSync(databaseFile(stateDir), { timeout: busyMs });
  try {
    database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000");
    database.exec("CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY)");
    database
      .prepare(
        "INSERT INTO temp.numbers WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n",
      )
      .run(copies);
    database.exec("BEGIN");
    database.exec("PRAGMA defer_foreign_keys = ON");
    const { ids, rows } = everythingOf(database, root, createdAtMs);
    for (const [table, row] of rows) database.exec(copyOf(table, row, ids));
    database.exec("COMMIT");
    return rows.length * copies;
  } finally {
    database.close();
  }
}

/** Finds the rows that name the thing, or something that belongs to it alone. */
function everythingOf(
  database: DatabaseSync,
  root: string,
  createdAtMs: number,
): { ids: string[]; rows: [string, Row][] } {
  const tables = (database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => !/^(sqlite_|d1_|_cf)/.test(name) && !shared.includes(name));
  const all = tables.flatMap((table) => {
    const columns = database.prepare("SELECT name FROM pragma_table_info(?)").all(table) as { name: string }[];
    const time = columns.find(({ name }) => /^(at|created_at|received_at)$/.test(name));
    const younger = time ? `WHERE ${time.name} >= ${createdAtMs}` : "";
    const rows = database.prepare(`SELECT * FROM ${table} ${younger}`).all() as Row[];
    return rows.map((row): [string, Row] => [table, row]);
  });
  const ofShared = new Set(
    shared.flatMap((table) => {
      const exists = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table);
      return exists ? (database.prepare(`SELECT * FROM ${table}`).all() as Row[]).flatMap(idsIn) : [];
    }),
  );
  const ids = new Set([root]);
  let rows: [string, Row][] = [];
  for (let before = -1; before < rows.length; ) {
    before = rows.length;
    rows = all.filter(([, row]) =>
      Object.values(row).some((value) => [...ids].some((id) => String(value).includes(id))),
    );
    for (const [, row] of rows) for (const id of idsIn(row)) if (!ofShared.has(id)) ids.add(id);
  }
  return { ids: [...ids], rows };
}

/** The ids that stand alone in a column, ours and Stripe's. A request may have made several things. */
function idsIn(row: Row): string[] {
  return Object.entries(row).flatMap(([column, value]) =>
    column !== "request_id" &&
    /^([\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|(pi|ch|re|evt|txn)_\w+|order-[\w-]+)$/.test(String(value))
      ? String(value)
      : [],
  );
}

/** Makes the statement that inserts the copies of a row. */
function copyOf(table: string, row: Row, ids: readonly string[]): string {
  const columns = Object.keys(row);
  const values = columns.map((column) => textOf(column, row[column] ?? null, ids));
  return `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM temp.numbers`;
}

function textOf(column: string, value: Value, ids: readonly string[]): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return isInstant(column, value) ? `${value} - i * ${betweenMs}` : String(value);
  const found = ids.filter((id) => value.includes(id));
  if (found.length === 0) return quoted(value);
  const parts = value.split(new RegExp(`(${found.join("|")})`));
  return parts.map((part) => (found.includes(part) ? copiedId(part) : quoted(part))).join(" || ");
}

function isInstant(column: string, value: number): boolean {
  return /(^at|_at|_since|_before)$/.test(column) && value > 1_000_000_000_000;
}

/** Ours begin with their time, by which lists are ordered. */
function copiedId(id: string): string {
  if (!/^[\da-f]{8}-[\da-f]{4}-/.test(id)) return `${quoted(id)} || printf('%06d', i)`;
  const atMs = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  const time = `printf('%012x', ${atMs} - i * ${betweenMs})`;
  return `substr(${time}, 1, 8) || '-' || substr(${time}, 9) || ${quoted(id.slice(13, 24))} || printf('%012x', i * 65536 + ${Number.parseInt(id.slice(-4), 16)})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
