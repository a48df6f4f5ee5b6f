import Stripe from "#stripe";
import { failure, failureOf, type StripeOutcome } from "./failure";
import type { StripeSdk } from "./resources";

/** The version of Stripe's API that everything here was checked against. The SDK pins the same. */
const stripeApiVersion = "2026-10-28.endive";

/** The one place that talks to Stripe: counts, paces and checks every call. */
export interface StripeGateway {
  /**
   * Makes one call. `object` is what Stripe must answer: the SDK resolves on some errors and on empty bodies, so an
   * answer without an id of the right kind is a failure, and the work may have been done.
   */
  call: <T extends { object: string }>(
    object: T["object"],
    request: (sdk: StripeSdk) => Promise<Stripe.Response<T>>,
  ) => Promise<StripeOutcome<T>>;
  /** The same for the few objects that have no id. */
  callWithoutId: StripeGateway["call"];
  /** Reads a list to the end, page by page, at most `pagesMax` pages of 100. */
  list: <T extends { id: string }>(
    request: (
      sdk: StripeSdk,
      page: { limit: number; starting_after?: string },
    ) => Promise<Stripe.Response<Stripe.ApiList<T>>>,
    pagesMax?: number,
  ) => Promise<StripeOutcome<T[]>>;
}

export interface StripeOptions {
  key: string;
  /** Of one attempt. Stripe answers within seconds or not at all; the SDK's own 80 s would hold a lock for minutes. */
  timeoutMs: number;
  /** Where requests go instead of the network: the sandbox. */
  fetch?: typeof fetch;
  cost: { stripeCalls: number };
}

/** Opens Stripe through the real SDK: one retry of its own under the same idempotency key, no telemetry. */
export function openStripe(options: StripeOptions): StripeGateway {
  let opened: StripeSdk | undefined;
  // Not before the first call: the SDK builds its resources at once, and a plain read needs none.
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
      const fits = answer.object === object && (!mustHaveId || typeof (answer as { id?: unknown }).id === "string");
      return fits ? { ok: true, value: answer } : { ok: false, failure: failure("bad_answer", `expected a ${object}`) };
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  };
  return {
    call: (object, request) => call(object, request, true),
    callWithoutId: (object, request) => call(object, request, false),
    async list(request, pagesMax = 20) {
      const found = [];
      for (let page = 0; page < pagesMax; page += 1) {
        options.cost.stripeCalls += 1;
        try {
          const last = found.at(-1);
          const answer = await request(sdk(), { limit: 100, ...(last ? { starting_after: last.id } : {}) });
          if (answer.object !== "list" || !Array.isArray(answer.data)) {
            return { ok: false, failure: failure("bad_answer", "expected a list") };
          }
          found.push(...answer.data);
          if (!answer.has_more || answer.data.length === 0) return { ok: true, value: found };
        } catch (error) {
          return { ok: false, failure: failureOf(error) };
        }
      }
      return { ok: false, failure: failure("bad_answer", `more than ${pagesMax} pages`) };
    },
  };
}
