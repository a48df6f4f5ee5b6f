import type { FormRecord } from "./form";
import { Refusal } from "./refusal";
import type { ApiRequest } from "./request";
import type { Result } from "./result";

const KEPT_SECONDS = 24 * 60 * 60;

interface Row extends Record<string, SqlStorageValue> {
  fingerprint: string;
  status: number;
  body: string;
  request_id: string;
}

/** Stores the answers to idempotency keys: https://docs.stripe.com/api/idempotent_requests */
export class Idempotency {
  readonly #inFlight = new Set<string>();

  constructor(private readonly sql: SqlStorage) {}

  /** Holds the request's key, if it has one, during `work`, so that a second request with it meets the first. */
  async hold(request: ApiRequest, work: () => Promise<void>): Promise<void> {
    const scope = scopeOf(request);
    if (scope === null || this.#inFlight.has(scope)) {
      await work();
      return;
    }
    this.#inFlight.add(scope);
    try {
      await work();
    } finally {
      this.#inFlight.delete(scope);
    }
  }

  /**
   * Returns the stored answer, or null if the request must be executed. Refuses a key in flight or with other
   * parameters.
   */
  find(request: ApiRequest, form: FormRecord, nowSeconds: number): { result: Result; requestId: string } | null {
    const scope = scopeOf(request);
    if (scope === null) {
      return null;
    }
    if (this.#inFlight.has(scope)) {
      throw inFlight(request);
    }
    this.sql.exec("DELETE FROM answers WHERE at <= ?", nowSeconds - KEPT_SECONDS);
    const row = this.sql.exec<Row>("SELECT * FROM answers WHERE scope = ?", scope).toArray()[0];
    if (!row) {
      return null;
    }
    if (row.fingerprint !== fingerprint(request, form)) {
      throw otherRequest(request);
    }
    const result = { status: row.status, body: JSON.parse(row.body) as object, kept: false };
    return { result, requestId: row.request_id };
  }

  keep(request: ApiRequest, form: FormRecord, result: Result, requestId: string, nowSeconds: number): void {
    const scope = scopeOf(request);
    if (scope === null || !result.kept) {
      return;
    }
    this.sql.exec(
      "INSERT INTO answers (scope, fingerprint, status, body, request_id, at) VALUES (?, ?, ?, ?, ?, ?)",
      scope,
      fingerprint(request, form),
      result.status,
      JSON.stringify(result.body),
      requestId,
      nowSeconds,
    );
  }
}

/** Returns the scope of a key. Keys belong to one account; only requests that change something have them. */
function scopeOf(request: ApiRequest): string | null {
  return request.method === "POST" && request.idempotencyKey !== null
    ? `${request.stripeAccount ?? ""} ${request.idempotencyKey}`
    : null;
}

function fingerprint(request: ApiRequest, form: FormRecord): string {
  return `${request.method} ${request.path} ${JSON.stringify(sorted(form))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

function inFlight(request: ApiRequest): Refusal {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${request.idempotencyKey}. Please try again later.`;
  return new Refusal(409, { type: "idempotency_error", code: "idempotency_key_in_use", message }, false);
}

function otherRequest(request: ApiRequest): Refusal {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${request.idempotencyKey}' if you meant to execute a different request.`;
  return new Refusal(400, { type: "idempotency_error", message }, false);
}
