import { DurableObject } from "cloudflare:workers";
import type { ObjectEnv } from "../object-env";

/**
 * The ways in which a box answers. `hang` does not answer within any sender's timeout; `hold` waits until the box has
 * another mode, and then answers in it.
 */
export const INBOX_MODES = ["ok", "fail", "throttle", "gone", "redirect", "hang", "hold", "flood"] as const;
export type InboxMode = (typeof INBOX_MODES)[number];

/** A received message, and how it was answered. */
export interface Received {
  id: number;
  atMs: number;
  headers: Record<string, string>;
  body: string;
  mode: InboxMode;
}

export interface BoxState {
  mode: InboxMode;
  /** The signing secrets to check messages with, in the form that their owner was shown. */
  secrets: string[];
}

/** The most messages that are kept; older ones are deleted. */
const KEPT = 5_000;

interface Row extends Record<string, SqlStorageValue> {
  id: number;
  at: number;
  headers: string;
  body: string;
  mode: string;
}

function receivedOf({ id, at, headers, body, mode }: Row): Received {
  return { id, atMs: at, headers: JSON.parse(headers), body, mode: mode as InboxMode };
}

/**
 * An inbox for webhooks of the sandbox: named boxes that keep what arrives and answer as configured. It serves as a
 * receiver until there is a real one.
 */
export class SandboxInbox extends DurableObject<ObjectEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS received (
        id INTEGER PRIMARY KEY, box TEXT NOT NULL, at INTEGER NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, mode TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS received_of_box ON received (box, id);
      CREATE TABLE IF NOT EXISTS boxes (name TEXT PRIMARY KEY, mode TEXT NOT NULL, secrets TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `);
  }

  /** Keeps a message and returns how to answer it. */
  receive(box: string, headers: Record<string, string>, body: string): InboxMode {
    const { mode } = this.state(box);
    this.#sql.exec(
      "INSERT INTO received (box, at, headers, body, mode) VALUES (?, ?, ?, ?, ?)",
      box,
      Date.now(),
      JSON.stringify(headers),
      body,
      mode,
    );
    this.#sql.exec("DELETE FROM received WHERE id <= (SELECT max(id) FROM received) - ?", KEPT);
    return mode;
  }

  /** Lists the messages of a box, newest first. */
  received(box: string, limit: number): Received[] {
    const rows = this.#sql.exec<Row>(
      "SELECT id, at, headers, body, mode FROM received WHERE box = ? ORDER BY id DESC LIMIT ?",
      box,
      limit,
    );
    return [...rows].map(receivedOf);
  }

  /** Lists the newest messages of all boxes, each with its box and the secrets to check it with. */
  latest(limit: number): (Received & { box: string; secrets: string[] })[] {
    const rows = this.#sql.exec<Row & { box: string }>("SELECT * FROM received ORDER BY id DESC LIMIT ?", limit);
    return [...rows].map((row) => ({ ...receivedOf(row), box: row.box, secrets: this.state(row.box).secrets }));
  }

  /** Counts the messages of a box that are still kept. */
  count(box: string): number {
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM received WHERE box = ?", box).one().count;
  }

  /** Lists every box that was used or configured, with its number of messages and its mode. */
  boxes(): { name: string; count: number; mode: InboxMode }[] {
    const rows = this.#sql.exec<{ name: string }>(
      "SELECT name FROM boxes UNION SELECT DISTINCT box FROM received ORDER BY 1",
    );
    return [...rows].map(({ name }) => ({ name, count: this.count(name), mode: this.state(name).mode }));
  }

  state(box: string): BoxState {
    const [row] = this.#sql.exec<{ mode: string; secrets: string }>(
      "SELECT mode, secrets FROM boxes WHERE name = ?",
      box,
    );
    return row ? { mode: row.mode as InboxMode, secrets: JSON.parse(row.secrets) } : { mode: "ok", secrets: [] };
  }

  tell(box: string, changes: Partial<BoxState>): BoxState {
    const state = { ...this.state(box), ...changes };
    this.#sql.exec(
      "INSERT INTO boxes (name, mode, secrets) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET mode = excluded.mode, secrets = excluded.secrets",
      box,
      state.mode,
      JSON.stringify(state.secrets),
    );
    return state;
  }

  reset(): void {
    this.#sql.exec("DELETE FROM received");
    this.#sql.exec("DELETE FROM boxes");
  }
}
