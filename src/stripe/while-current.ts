import type { StripeGateway } from "./client";

/**
 * Wraps Stripe for a Durable Object that may be replaced while it waits: `check` runs before and after each call, and
 * throws in one that was replaced. So such an object sends no further calls, and writes nothing about their outcome.
 */
export function whileCurrent(stripe: StripeGateway, check: () => void): StripeGateway {
  const between = async <T>(call: () => Promise<T>): Promise<T> => {
    check();
    const outcome = await call();
    check();
    return outcome;
  };
  return {
    call: (object, request) => between(() => stripe.call(object, request)),
    callWithoutId: (object, request) => between(() => stripe.callWithoutId(object, request)),
    list: (request, pagesMax) => between(() => stripe.list(request, pagesMax)),
  };
}
