import { parametersError } from "../parameters";
import type { Handler } from "../stripe/call";
import { Answers } from "./answers";
import { expand, type Includable } from "./expand";
import { type FaultKind, Faults } from "./faults";
import { type FormRecord, parseForm } from "./form";
import { newId } from "./id";
import { Journal } from "./journal";
import { match } from "./matching";
import { PLATFORM } from "./objects";
import { Parameters } from "./parameters";
import { type ErrorBody, invalid, noAccess, Refusal } from "./refusal";
import { API_VERSION } from "./version";
import type { World } from "./world";

export interface ApiRequest {
  source: "application" | "public";
  method: string;
  /** With `/v1`, without query. */
  path: string;
  query: string;
  body: string;
  authorization: string | null;
  idempotencyKey: string | null;
  stripeAccount: string | null;
  stripeVersion: string | null;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** What the caller is to see instead of the answer. */
  fault: FaultKind | null;
}

type Result = { status: number; body: object; kept: boolean };

/** How long a `slow` request holds its idempotency key before it does its work. */
const SLOW_MS = 300;

/**
 * Stripe's API as a pipeline: authenticate, faults, parse, check parameters, idempotency, route, answer.
 * From the idempotency check to the stored answer nothing waits, so a request is done and remembered, or neither.
 */
export class Api {
  readonly faults: Faults;
  readonly journal: Journal;
  readonly #answers: Answers;
  readonly #inFlight = new Set<string>();

  constructor(
    private readonly storage: DurableObjectStorage,
    private readonly world: World,
    private readonly routes: Readonly<Record<string, Handler>>,
    private readonly includable: Includable,
  ) {
    this.faults = new Faults(storage.sql);
    this.journal = new Journal(storage.sql);
    this.#answers = new Answers(storage.sql);
  }

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const requestId = newId("req_", 14);
    const fault = request.source === "application" ? this.faults.take(request.method, request.path) : null;
    const scope = keyScope(request);
    if (fault === "slow" && scope !== null && !this.#inFlight.has(scope)) {
      this.#inFlight.add(scope);
      await scheduler.wait(SLOW_MS);
      this.#inFlight.delete(scope);
    }
    return this.#answerNow(request, requestId, fault, scope);
  }

  #answerNow(request: ApiRequest, requestId: string, fault: FaultKind | null, scope: string | null): ApiAnswer {
    let form: FormRecord = {};
    let replayed = false;
    let result: Result;
    let answeredAs = requestId;
    try {
      authenticate(request);
      form = parseForm(request.body === "" ? request.query : request.body);
      const early = fault === null ? null : notDone(fault);
      const stored = early === null && scope !== null ? this.#stored(request, form, scope) : null;
      if (stored) {
        replayed = true;
        answeredAs = stored.requestId;
        result = stored.result;
      } else {
        result = early ?? (fault === "500_stored" ? failedAndKept() : this.#execute(request, form, requestId, fault));
        this.#keep(request, form, scope, result, requestId);
      }
    } catch (error) {
      result = resultOf(error);
    }
    this.journal.add({
      requestId,
      at: this.world.now(),
      source: request.source,
      method: request.method,
      path: request.path,
      parameters: form,
      idempotencyKey: request.idempotencyKey,
      stripeAccount: request.stripeAccount,
      status: fault === "timeout_before" || fault === "reset" ? null : result.status,
      replayed,
      fault,
    });
    return {
      status: result.status,
      headers: headersOf(request, answeredAs, replayed),
      body: JSON.stringify(result.body, null, 2),
      fault,
    };
  }

  #stored(request: ApiRequest, form: FormRecord, scope: string): { result: Result; requestId: string } | null {
    if (this.#inFlight.has(scope)) {
      const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${request.idempotencyKey}. Please try again later.`;
      throw new Refusal(409, { type: "idempotency_error", code: "idempotency_key_in_use", message }, false);
    }
    const stored = this.#answers.find(scope, this.world.now());
    if (stored === null) {
      return null;
    }
    if (stored.fingerprint !== fingerprint(request, form)) {
      const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${request.idempotencyKey}' if you meant to execute a different request.`;
      throw new Refusal(400, { type: "idempotency_error", message }, false);
    }
    const body = JSON.parse(stored.body) as object;
    return { result: { status: stored.status, body, kept: false }, requestId: stored.request_id };
  }

  #keep(request: ApiRequest, form: FormRecord, scope: string | null, result: Result, requestId: string): void {
    if (scope !== null && result.kept) {
      this.#answers.keep({
        scope,
        fingerprint: fingerprint(request, form),
        status: result.status,
        body: JSON.stringify(result.body),
        request_id: requestId,
        at: this.world.now(),
      });
    }
  }

  #execute(request: ApiRequest, form: FormRecord, requestId: string, fault: FaultKind | null): Result {
    try {
      this.world.cause = { requestId, idempotencyKey: request.idempotencyKey };
      const done = this.storage.transactionSync(() => this.#route(request, form));
      return fault === "500_after" ? failedAndKept() : done;
    } catch (error) {
      return resultOf(error);
    } finally {
      this.world.cause = null;
    }
  }

  #route(request: ApiRequest, form: FormRecord): Result {
    for (const [pattern, handler] of Object.entries(this.routes)) {
      const ids = match(pattern, request.method, request.path);
      if (ids !== null) {
        refuseWrongParameters(request, form);
        const account = this.#accountOf(request);
        const parameters = new Parameters(form);
        const object = handler({ world: this.world, account, parameters, ids });
        if (object instanceof Refusal) {
          return resultOf(object);
        }
        const body = expand(this.world, account, object, parameters.texts("expand"), this.includable);
        return { status: 200, body, kept: true };
      }
    }
    const message = `Unrecognized request URL (${request.method}: ${request.path}). The sandbox speaks only the part of Stripe's API that Accord uses.`;
    throw new Refusal(404, { type: "invalid_request_error", message }, false);
  }

  #accountOf(request: ApiRequest): string {
    const id = request.stripeAccount;
    if (id === null) {
      return PLATFORM;
    }
    if (this.world.objects.find("account", PLATFORM, id) === null) {
      throw noAccess(id);
    }
    return id;
  }
}

function authenticate(request: ApiRequest): void {
  const [scheme = "", credentials = ""] = (request.authorization ?? "").split(" ");
  const key = scheme.toLowerCase() === "basic" ? (decodeBase64(credentials).split(":")[0] ?? "") : credentials;
  if (key === "") {
    throw unauthorized(
      "You did not provide an API key. Put one in the Authorization header: any key that starts with sk_test_.",
    );
  }
  if (!/^sk_test_\w+$/.test(key)) {
    throw unauthorized("Invalid API Key provided. The sandbox takes any key that starts with sk_test_, and no other.");
  }
  if (request.stripeVersion !== null && request.stripeVersion !== API_VERSION) {
    throw invalid(
      undefined,
      `Invalid Stripe API version: ${request.stripeVersion}. The sandbox speaks ${API_VERSION} only.`,
    );
  }
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, { type: "invalid_request_error", message }, false);
}

function refuseWrongParameters(request: ApiRequest, form: FormRecord): void {
  const error = parametersError(request.method, request.path, form);
  if (error) {
    throw invalid(error.param, error.message, error.code === "parameter_invalid" ? undefined : error.code);
  }
}

/** Faults that come before any work. A timeout or reset has no answer; the one given here is never seen. */
function notDone(fault: FaultKind): Result | null {
  switch (fault) {
    case "500":
    case "timeout_before":
    case "reset":
      return { ...serverError(), kept: false };
    case "429":
      return { status: 429, body: { error: rateLimited() }, kept: false };
    default:
      return null;
  }
}

function serverError(): { status: number; body: object } {
  const error: ErrorBody = {
    type: "api_error",
    message: "An error occurred while processing your request. Please try again.",
  };
  return { status: 500, body: { error } };
}

function failedAndKept(): Result {
  return { ...serverError(), kept: true };
}

function rateLimited(): ErrorBody {
  return {
    type: "invalid_request_error",
    code: "rate_limit",
    message: "Request rate limit exceeded. Learn more about rate limits here https://docs.stripe.com/rate-limits.",
  };
}

function resultOf(error: unknown): Result {
  if (error instanceof Refusal) {
    return { status: error.status, body: { error: error.body }, kept: error.kept };
  }
  const message = error instanceof Error ? `The sandbox itself failed: ${error.stack}` : String(error);
  return { status: 500, body: { error: { type: "api_error", message } }, kept: false };
}

/** Keys are an account's own; only requests that change something have them. */
function keyScope(request: ApiRequest): string | null {
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
  return entries.map(([name, inner]) => [name, sorted(inner)]);
}

function headersOf(request: ApiRequest, requestId: string, replayed: boolean): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "Request-Id": requestId,
    "Stripe-Version": API_VERSION,
    ...(request.idempotencyKey !== null && { "Idempotency-Key": request.idempotencyKey }),
    ...(request.stripeAccount !== null && { "Stripe-Account": request.stripeAccount }),
    ...(replayed && { "Idempotent-Replayed": "true", "Original-Request": requestId }),
  };
}
