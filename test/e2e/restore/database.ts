import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { markStatement } from "../../../src/db/mark-statement.ts";
import { busyMs, databaseFile } from "../kill/stored.ts";

const copyOf = (stateDir: string) => join(stateDir, "snapshot.sqlite");

/** Copies the database while it is served. The emulator keeps its own state. */
export function takeSnapshot(stateDir: string): void {
  rmSync(copyOf(stateDir), { force: true });
  const database = new DatabaseSync(databaseFile(stateDir), { readOnly: true, timeout: busyMs });
  try {
    database.exec(`vacuum into '${copyOf(stateDir)}'`);
  } finally {
    database.close();
  }
}

/** Restores the copy while nothing is served, and records that in it, as `restore:mark --remote` does. */
export function putBack(stateDir: string, restoredToMs: number, markedAtMs: number): void {
  const file = databaseFile(stateDir);
  for (const beside of ["-wal", "-shm"]) rmSync(`${file}${beside}`, { force: true });
  copyFileSync(copyOf(stateDir), file);
  const database = new DatabaseSync(file, { timeout: busyMs });
  try {
    database.exec(markStatement(restoredToMs, markedAtMs));
  } finally {
    database.close();
  }
}
