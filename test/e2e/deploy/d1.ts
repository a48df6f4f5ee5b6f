import { createHash, randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { type Answer, failure, success } from "./answers.ts";

/**
 * How D1 treats triggers in SQL that it splits into statements: reports say that it loses or refuses them. A file is
 * not split.
 */
export type Triggers = "lost" | "refused";

/** A D1 database behind Cloudflare's API: a real SQLite, with two ways to run SQL, of which one may lose triggers. */
export class D1 {
  readonly uuid = randomUUID();
  readonly sqlite = new DatabaseSync(":memory:");
  /** Its real region, whatever was requested. */
  region = "WEUR";
  readonly uploads = new Map<string, string>();

  readonly name: string;
  /** The request that made it. */
  readonly made: Record<string, unknown>;

  constructor(name: string, made: Record<string, unknown>) {
    this.name = name;
    this.made = made;
  }

  info() {
    return {
      uuid: this.uuid,
      name: this.name,
      jurisdiction: this.made.jurisdiction ?? null,
      running_in_region: this.region,
    };
  }

  /** `POST …/query`: runs all statements of `sql`, or none. */
  query(sql: string, triggers?: Triggers): Answer {
    if (triggers === "refused" && /^CREATE TRIGGER/m.test(sql))
      return failure(400, 7500, "incomplete input: SQLITE_ERROR");
    const sent = triggers === "lost" ? sql.replace(/^CREATE TRIGGER.*$/gm, "") : sql;
    const only = /^\s*(?:SELECT|PRAGMA)\b/i.test(sent);
    try {
      if (only) return success([{ results: this.sqlite.prepare(sent).all(), success: true, meta: { duration: 1 } }]);
      this.#allOrNothing(sent);
      return success([{ results: [], success: true, meta: { duration: 1 } }]);
    } catch (error) {
      return failure(400, 7500, String(error));
    }
  }

  /** `POST …/import`: begins, and then runs what was uploaded. */
  import(body: { action: string; etag: string; filename?: string }, origin: string): Answer {
    if (body.action === "init") {
      const filename = `${randomUUID()}.sql`;
      return success({
        success: true,
        filename,
        upload_url: `${origin}/uploads/${this.uuid}/${filename}`,
        messages: [],
      });
    }
    try {
      this.#allOrNothing(this.uploads.get(body.filename ?? "") ?? "nothing was uploaded");
    } catch (error) {
      return success({ success: true, status: "error", errors: [String(error)], messages: [] });
    }
    const meta = { duration: 1, rows_read: 0, rows_written: 0, size_after: 0 };
    const result = { num_queries: 1, final_bookmark: "b", meta };
    return success({ success: true, status: "complete", messages: [], result });
  }

  /** Takes an upload and returns its ETag, which is the MD5 of it. */
  upload(filename: string, content: string): string {
    this.uploads.set(filename, content);
    return createHash("md5").update(content).digest("hex");
  }

  names(type: string): string[] {
    const rows = this.sqlite.prepare("SELECT name FROM sqlite_master WHERE type = ? ORDER BY name").all(type);
    return rows.map(({ name }) => String(name));
  }

  #allOrNothing(sql: string): void {
    this.sqlite.exec("BEGIN");
    try {
      this.sqlite.exec(sql);
      this.sqlite.exec("COMMIT");
    } catch (error) {
      this.sqlite.exec("ROLLBACK");
      throw error;
    }
  }
}
