import type { StripeEffect } from "../db/stripe-effects";
import type { CallKind } from "../domain/stripe-call";
import type { StripeOutcome } from "../stripe/failure";
import { type CallParams, paramsOf } from "./call-params";
import type { Deps } from "./deps";

/** How to make one kind of call, and how to ask Stripe whether it was made. */
export interface EffectKind<Value extends { id: string }> {
  call: (deps: Deps, effect: StripeEffect, key: string) => Promise<StripeOutcome<Value>>;
  find: (deps: Deps, effect: StripeEffect) => Promise<StripeOutcome<Value | undefined>>;
}

/** Says how to make a kind of call, and how to find what it made, from the parameters of this kind. */
export function effectKind<K extends CallKind, Value extends { id: string }>(
  kind: K,
  how: {
    call: (deps: Deps, params: CallParams[K], key: string) => Promise<StripeOutcome<Value>>;
    find: (deps: Deps, params: CallParams[K], effect: StripeEffect) => Promise<StripeOutcome<Value | undefined>>;
  },
): EffectKind<Value> {
  return {
    call: (deps, effect, key) => how.call(deps, paramsOf(effect, kind), key),
    find: (deps, effect) => how.find(deps, paramsOf(effect, kind), effect),
  };
}
