const KEPT_SECONDS = 24 * 60 * 60;

export interface StoredAnswer extends Record<string, SqlStorageValue> {
  scope: string;
  fingerprint: string;
  status: number;
  body: string;
  request_id: string;
  at: number;
}

/** What was answered under an idempotency key: https://docs.stripe.com/api/idempotent_requests */
export class Answers {
  constructor(private readonly sql: SqlStorage) {}

  find(scope: string, nowSeconds: number): StoredAnswer | null {
    this.sql.exec("DELETE FROM answers WHERE at <= ?", nowSeconds - KEPT_SECONDS);
    return this.sql.exec<StoredAnswer>("SELECT * FROM answers WHERE scope = ?", scope).toArray()[0] ?? null;
  }

  keep(answer: Pick<StoredAnswer, "scope" | "fingerprint" | "status" | "body" | "request_id" | "at">): void {
    this.sql.exec(
      "INSERT INTO answers (scope, fingerprint, status, body, request_id, at) VALUES (?, ?, ?, ?, ?, ?)",
      answer.scope,
      answer.fingerprint,
      answer.status,
      answer.body,
      answer.request_id,
      answer.at,
    );
  }
}
