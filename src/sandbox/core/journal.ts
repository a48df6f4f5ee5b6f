/** A request to Stripe's API, recorded for tests and people. */
export interface JournalEntry {
  requestId: string;
  at: number;
  /** `application` came through the service binding, `public` from somebody who inspects the sandbox. */
  source: "application" | "public";
  method: string;
  path: string;
  parameters: object;
  idempotencyKey: string | null;
  stripeAccount: string | null;
  /** Null if no answer was made. */
  status: number | null;
  replayed: boolean;
  fault: string | null;
}

const KEPT = 20_000;

export class Journal {
  constructor(private readonly sql: SqlStorage) {}

  add(entry: JournalEntry): void {
    const { seq } = this.sql
      .exec<{ seq: number }>("INSERT INTO requests (body) VALUES (?) RETURNING seq", JSON.stringify(entry))
      .one();
    if (seq % 1000 === 0) {
      this.sql.exec("DELETE FROM requests WHERE seq <= ?", seq - KEPT);
    }
  }

  /** Lists all requests, oldest first. */
  list(): JournalEntry[] {
    return this.sql
      .exec<{ body: string }>("SELECT body FROM requests ORDER BY seq")
      .toArray()
      .map((row) => JSON.parse(row.body) as JournalEntry);
  }
}
