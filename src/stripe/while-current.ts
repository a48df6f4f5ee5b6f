import type { StripeGateway } from "./client";

/**
 * Stripe for somebody who may be replaced while waiting for it: `check` is asked before and after each call, and throws in
 * one that was. So no call leaves a Durable Object that another has taken the place of, and nothing is written there of
 * what such a call came to.
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
