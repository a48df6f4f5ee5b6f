import type { OrderKey } from "../db/payments/payments";
import type { Result } from "../domain/result";
import { type CallKind, callRoots } from "../domain/stripe-call";
import type { Deps } from "./deps";
import type { FollowUp, FollowUps } from "./follow-ups";
import { ofConnectedAccount, ofOrder, ofShopper } from "./lock-keys";
import { type Operation, operation } from "./operation";
import { resumeConnectedAccount } from "./payments/connected-accounts/resume-connected-account";
import { resumePayment } from "./payments/execute-call";
import { resumeShopper } from "./payments/payment-methods/resume-shopper";
import { resumeEffect } from "./resume-effect";

/** A Stripe call, with what names its lock: a payment is locked by its order. */
export interface CallKey {
  aggregateId: string;
  effectId: string;
  kind: CallKind;
  order: OrderKey | null;
}

/** The operations that resume pending Stripe calls. */
export const resumingOperations = {
  "resume-effect": operation(resumeEffect, { key: (input) => `${input.root}:${input.aggregateId}`, repeatable: true }),
  "resume-connected-account": operation(resumeConnectedAccount, { key: ofConnectedAccount, repeatable: true }),
  "resume-shopper": operation(resumeShopper, { key: ofShopper, repeatable: true }),
  "resume-payment": operation(resumePayment, { key: ofOrder, repeatable: true }),
};

type Resuming = keyof typeof resumingOperations;

const table: { [N in Resuming]: Operation<FollowUps[N], null> } = resumingOperations;

/** Makes the command that resumes a pending call, under the lock of the aggregate that it belongs to. */
export function resumptionOf({ aggregateId, effectId, kind, order }: CallKey): FollowUp<Resuming> {
  if (order) return { name: "resume-payment", input: { ...order, paymentId: aggregateId, effectId } };
  const root = callRoots[kind];
  if (root === "connected_account") return { name: "resume-connected-account", input: { id: aggregateId } };
  if (root === "shopper") return { name: "resume-shopper", input: { userId: aggregateId } };
  const locked = root === "payout_account" ? "account" : "testimony";
  return { name: "resume-effect", input: { root: locked, aggregateId, effectId } };
}

/** Returns the lock key under which a call is made. */
export function lockOfCall(call: CallKey): string | undefined {
  return keyOf(resumptionOf(call));
}

/** Resumes a call in the way of the clock. The caller holds its lock. */
export function resumeCall(deps: Deps, call: CallKey): Promise<Result<null>> {
  return run(deps, resumptionOf(call));
}

function keyOf<N extends Resuming>({ name, input }: FollowUp<N>): string | undefined {
  return table[name].key?.(input);
}

function run<N extends Resuming>(deps: Deps, { name, input }: FollowUp<N>): Promise<Result<null>> {
  return table[name].run(deps, input);
}
