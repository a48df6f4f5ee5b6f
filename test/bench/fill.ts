import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { bucketOf, makeId } from "../../src/domain/id.ts";
import { dayToSettle } from "../../src/domain/transfers/day.ts";
import { sideId } from "../../src/domain/transfers/side.ts";
import { referenceOf } from "../../src/domain/transfers/transfer.ts";
import { busyMs, databaseFile } from "../e2e/kill/stored.ts";
import { fillTables, type Table } from "./filled-tables.ts";

/** The number of days over which the transfers are spread. */
export const filledDays = 30;

/** The content of a fill: the first application has a part in four of five transfers. */
export interface Fill {
  applicationIds: readonly string[];
  transfers: number;
}

/** The number of rows that each table got. */
export type Filled = { table: Table; rows: number }[];

/**
 * Writes the past of some applications into the database of a stopped sandbox: transfers of the last days, with their
 * journal, their records, their entries in the wallets, and the settled days. It uses SQL directly, but within every
 * constraint and trigger, so that the ledger check passes. The wallets must exist and be empty.
 */
export function fill(stateDir: string, { applicationIds, transfers }: Fill): Filled {
  const database = new DatabaseSync(databaseFile(stateDir), { timeout: busyMs });
  try {
    database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000");
    teach(database);
    const nowMs = Date.now();
    const terms = {
      applicationIds: JSON.stringify(applicationIds),
      transfers,
      fromMs: nowMs - filledDays * 24 * 60 * 60 * 1000,
      untilMs: nowMs - 5 * 60 * 1000,
      lastSettled: dayToSettle(nowMs),
    };
    database.exec("BEGIN");
    const filled = fillTables(database, terms);
    database.exec("COMMIT");
    return filled;
  } finally {
    database.close();
  }
}

/** Defines our functions in SQL, so that filled rows have the ids and references that ours would have. */
function teach(database: DatabaseSync): void {
  const functions: Record<string, (...values: never[]) => string> = {
    make_id: (atMs: number, root: string) => makeId(atMs, bucketOf(root), randomBytes(9)),
    reference_of: (id: string) => referenceOf(id),
    side_id: (transferId: string, side: Parameters<typeof sideId>[1]) => sideId(transferId, side),
  };
  for (const [name, make] of Object.entries(functions))
    database.function(name, make as (...values: unknown[]) => string);
}
