import Stripe from "stripe";
import { failure, failureOf, type StripeOutcome } from "./failure";
import type { StripeSdk } from "./sdk";
import { stripeApiVersion } from "./version";

/** The only access to Stripe: it counts and checks every call. */
export interface StripeGateway {
  /**
   * Makes one call. `object` is the type that Stripe must answer: the SDK resolves on some errors and on empty bodies,
   * so an answer without an id of the right type is a failure, and the work may have been done.
   */
  call: <T extends { object: string }>(
    object: T["object"],
    request: (sdk: StripeSdk) => Promise<Stripe.Response<T>>,
  ) => Promise<StripeOutcome<T>>;
  /** Makes a call for one of the few objects that have no id. */
  callWithoutId: StripeGateway["call"];
  /**
   * Reads a short list to its end, at most `pagesMax` pages of 100: the objects that belong to one object. Lists by
   * time have no end and are read piece by piece (read-list.ts).
   */
  list: <T extends { id: string }>(request: ListRequest<T>, pagesMax?: number) => Promise<StripeOutcome<T[]>>;
}

type ListRequest<T> = (
  sdk: StripeSdk,
  page: { limit: number; starting_after?: string },
) => Promise<Stripe.Response<Stripe.ApiList<T>>>;

export interface StripeOptions {
  key: string;
  /**
   * The limit of one attempt. Stripe answers within seconds or not at all; the SDK's own 80 s would hold a lock for
   * minutes.
   */
  timeoutMs: number;
  /** Sends requests to the sandbox instead of the network. */
  fetch?: typeof fetch;
  cost: { stripeCalls: number };
}

/** Opens Stripe through the real SDK: one retry of its own under the same idempotency key, no telemetry. */
export function openStripe(options: StripeOptions): StripeGateway {
  let opened: StripeSdk | undefined;
  // It is made at the first call only: the SDK builds all its resources at once, and a plain read needs none.
  const sdk = () => {
    opened ??= new Stripe(options.key, {
      apiVersion: stripeApiVersion,
      timeout: options.timeoutMs,
      maxNetworkRetries: 1,
      telemetry: false,
      httpClient: Stripe.createFetchHttpClient(options.fetch),
    });
    return opened;
  };
  const call = async <T extends { object: string }>(
    object: T["object"],
    request: (sdk: StripeSdk) => Promise<Stripe.Response<T>>,
    mustHaveId: boolean,
  ): Promise<StripeOutcome<T>> => {
    options.cost.stripeCalls += 1;
    try {
      const answer = await request(sdk());
      return isOf(object, answer, mustHaveId)
        ? { ok: true, value: answer }
        : { ok: false, failure: failure("bad_answer", `expected a ${object}`) };
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  };
  return {
    call: (object, request) => call(object, request, true),
    callWithoutId: (object, request) => call(object, request, false),
    async list<T extends { id: string }>(request: ListRequest<T>, pagesMax = 20): Promise<StripeOutcome<T[]>> {
      const found: T[] = [];
      for (let page = 0; page < pagesMax; page += 1) {
        const last = found.at(-1);
        const more = { limit: 100, ...(last ? { starting_after: last.id } : {}) };
        const answer = await call<Stripe.ApiList<T>>("list", (opened) => request(opened, more), false);
        if (!answer.ok) return answer;
        found.push(...answer.value.data);
        if (!answer.value.has_more || answer.value.data.length === 0) return { ok: true, value: found };
      }
      return { ok: false, failure: failure("bad_answer", `more than ${pagesMax} pages`) };
    },
  };
}

/** Tells whether an answer is of the right type. A list has its objects, everything else an id. */
function isOf(object: string, answer: { object: string; id?: unknown; data?: unknown }, mustHaveId: boolean): boolean {
  if (answer.object !== object) return false;
  return object === "list" ? Array.isArray(answer.data) : !mustHaveId || typeof answer.id === "string";
}
