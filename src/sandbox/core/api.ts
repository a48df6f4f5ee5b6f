import { parametersError } from "../parameters";
import type { Handler } from "../stripe/call";
import { expand, type Includable } from "./expand";
import { type FaultKind, Faults } from "./faults";
import { type FormRecord, parseForm } from "./form";
import { newId } from "./id";
import { Idempotency } from "./idempotency";
import { Journal } from "./journal";
import { match } from "./matching";
import { PLATFORM } from "./objects";
import { Parameters } from "./parameters";
import { invalid, noAccess, Refusal } from "./refusal";
import { type ApiAnswer, type ApiRequest, authenticate } from "./request";
import { answerOf, type Result, resultOf, storedServerError } from "./result";
import { API_VERSION } from "./version";
import type { World } from "./world";

/** Time for which a `slow` request holds its idempotency key before it does its work. */
const SLOW_MS = 300;

/** The outcome of a request. */
interface Outcome {
  result: Result;
  form: FormRecord;
  /** The id of the request that did the work, which a replay repeats. */
  originalId: string;
  replayed: boolean;
}

/**
 * Answers Stripe's API in a pipeline: faults, authentication, parsing, idempotency, parameters, route, answer. Nothing
 * is awaited between the look-up of the key and the stored answer, so a request is done and stored, or neither.
 */
export class Api {
  readonly faults: Faults;
  readonly journal: Journal;
  readonly #idempotency: Idempotency;

  constructor(
    private readonly storage: DurableObjectStorage,
    private readonly world: World,
    private readonly routes: Readonly<Record<string, Handler>>,
    private readonly includable: Includable,
  ) {
    this.faults = new Faults(storage.sql);
    this.journal = new Journal(storage.sql);
    this.#idempotency = new Idempotency(storage.sql);
  }

  /** Faults affect only the application, so that inspecting the sandbox uses none of them up. */
  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const id = newId("req_", 14);
    const fault = request.source === "application" ? this.#faultFor(request) : null;
    if (fault === "slow") {
      await this.#idempotency.hold(request, () => scheduler.wait(SLOW_MS));
    }
    const outcome = this.#outcomeOf(request, id, fault);
    this.#writeDown(request, id, fault, outcome);
    const { result } = outcome;
    return {
      status: result.status,
      headers: headersOf(request, outcome),
      body: JSON.stringify(result.body, null, 2),
      fault,
      latencyMs: request.source === "application" ? this.world.latencyMs() : 0,
    };
  }

  #faultFor({ method, path }: ApiRequest): FaultKind | null {
    return this.world.outage.state()?.kind ?? this.faults.take(method, path);
  }

  #outcomeOf(request: ApiRequest, id: string, fault: FaultKind | null): Outcome {
    let form: FormRecord = {};
    try {
      authenticate(request);
      // The account is checked before the idempotency key, so that a key that was used there replays nothing. Stripe
      // does not document the order; this one is the worse for us.
      this.#accountOf(request);
      form = parseForm(request.body === "" ? request.query : request.body);
      const undone = answerOf(fault);
      if (undone) {
        return { result: undone, form, originalId: id, replayed: false };
      }
      const stored = this.#idempotency.find(request, form, this.world.now());
      if (stored) {
        return { result: stored.result, form, originalId: stored.requestId, replayed: true };
      }
      const result = fault === "500_stored" ? storedServerError() : this.#execute(request, form, id, fault);
      this.#idempotency.keep(request, form, result, id, this.world.now());
      return { result, form, originalId: id, replayed: false };
    } catch (error) {
      return { result: resultOf(error), form, originalId: id, replayed: false };
    }
  }

  #execute(request: ApiRequest, form: FormRecord, requestId: string, fault: FaultKind | null): Result {
    try {
      this.world.cause = { requestId, idempotencyKey: request.idempotencyKey };
      const done = this.storage.transactionSync(() => this.#route(request, form));
      return fault === "500_after" ? storedServerError() : done;
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
    if (id !== null && this.world.objects.find("account", PLATFORM, id) === null) {
      throw noAccess(id);
    }
    return id ?? PLATFORM;
  }

  #writeDown(request: ApiRequest, requestId: string, fault: FaultKind | null, outcome: Outcome): void {
    this.journal.add({
      requestId,
      at: this.world.now(),
      source: request.source,
      method: request.method,
      path: request.path,
      parameters: outcome.form,
      idempotencyKey: request.idempotencyKey,
      stripeAccount: request.stripeAccount,
      status: fault === "timeout_before" || fault === "reset" ? null : outcome.result.status,
      replayed: outcome.replayed,
      fault,
    });
  }
}

function refuseWrongParameters(request: ApiRequest, form: FormRecord): void {
  const error = parametersError(request.method, request.path, form);
  if (error) {
    // Stripe sends no code for a value of the wrong type.
    throw invalid(error.param, error.message, error.code === "parameter_invalid" ? undefined : error.code);
  }
}

function headersOf(request: ApiRequest, { originalId, replayed }: Outcome): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "Request-Id": originalId,
    "Stripe-Version": API_VERSION,
    ...(request.idempotencyKey !== null && { "Idempotency-Key": request.idempotencyKey }),
    ...(request.stripeAccount !== null && { "Stripe-Account": request.stripeAccount }),
    ...(replayed && { "Idempotent-Replayed": "true", "Original-Request": originalId }),
  };
}
