/** The emulator's tables. Fields that lists filter by have an index on exactly the query's expression. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL,
    hidden TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, account, seq)`,
  `CREATE TABLE IF NOT EXISTS balances (
    account TEXT NOT NULL, currency TEXT NOT NULL, available INTEGER NOT NULL, pending INTEGER NOT NULL,
    PRIMARY KEY (account, currency)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS due (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX IF NOT EXISTS due_by_time ON due (at, seq)`,
  `CREATE TABLE IF NOT EXISTS deliveries (
    event TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, lane TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL, next_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (state, next_at)`,
  `CREATE TABLE IF NOT EXISTS answers (
    scope TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    request_id TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS answers_by_time ON answers (at)`,
  `CREATE TABLE IF NOT EXISTS faults (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, match TEXT NOT NULL, kind TEXT NOT NULL,
    times INTEGER NOT NULL, fired INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS fills (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT`,
  `CREATE TABLE IF NOT EXISTS requests (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT`,
];

/** The members of an object by which related objects are looked up. */
const INDEXED_FIELDS = [
  "payment_intent",
  "charge",
  "transfer_group",
  "source",
  "source_transaction",
  "transfer",
  "session",
  "customer",
  "fee",
] as const;

export function createTables(sql: SqlStorage): void {
  for (const statement of TABLES) {
    sql.exec(statement);
  }
  for (const field of INDEXED_FIELDS) {
    sql.exec(
      `CREATE INDEX IF NOT EXISTS objects_by_${field} ON objects (kind, json_extract(body, '$.${field}'))
       WHERE json_extract(body, '$.${field}') IS NOT NULL`,
    );
  }
}

/** Empties all tables, the settings too. */
export function emptyTables(sql: SqlStorage): void {
  for (const table of [
    "settings",
    "objects",
    "balances",
    "due",
    "deliveries",
    "answers",
    "faults",
    "fills",
    "requests",
  ]) {
    sql.exec(`DELETE FROM ${table}`);
  }
}
