import { write } from "../../db/database";
import { updateCheckout } from "../../db/offers/testimonies";
import { enter } from "../../domain/machine";
import { checkoutMachine } from "../../domain/offers/checkout";
import { type Result, refuse } from "../../domain/result";
import type { SessionFacts } from "../../stripe/checkout";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { nextPollAtMs } from "./next-poll";
import { delayedEvents, type Settling } from "./settling";

/** Ends a checkout whose session has expired: nobody can pay any more. */
export function expireUnpaid(deps: Deps, settling: Settling): Promise<Result<null>> {
  return end(deps, settling, { name: "expire-checkout", transition: "expire", refusal: "session_expired" });
}

/** Ends a checkout whose delayed payment method did not pay, and never will. */
export function failUnpaid(deps: Deps, settling: Settling): Promise<Result<null>> {
  return end(deps, settling, { name: "fail-payment", transition: "fail-payment", refusal: "payment_failed" });
}

async function end(
  deps: Deps,
  { aggregate, checkout, actor }: Settling,
  how: { name: string; transition: "expire" | "fail-payment"; refusal: "session_expired" | "payment_failed" },
): Promise<Result<null>> {
  const state = enter(checkoutMachine, how.transition, checkout.state, actor);
  await appendChange(deps, aggregate, {
    name: how.name,
    actor,
    data: { checkoutId: checkout.id },
    rows: [updateCheckout(deps.db, checkout, { state, payable: null, dueAt: null })],
    events: how.transition === "fail-payment" ? [delayedEvents("offer.payment_refused", checkout)] : [],
  });
  return refuse(how.refusal);
}

/** Marks a checkout whose session is complete while a delayed payment method is still under way. */
export async function processUnpaid(deps: Deps, settling: Settling): Promise<Result<null>> {
  const { aggregate, checkout, actor } = settling;
  const refusal = refuse("payment_processing");
  if (checkout.state === "processing") return waitForStripe(deps, settling, refusal);
  const state = enter(checkoutMachine, "process", checkout.state, actor);
  await appendChange(deps, aggregate, {
    name: "process-payment",
    actor,
    data: { checkoutId: checkout.id },
    rows: [updateCheckout(deps.db, checkout, { state, dueAt: nextPollAtMs({ ...checkout, state }, deps.nowMs()) })],
    events: [delayedEvents("offer.payment_processing", checkout)],
  });
  return refusal;
}

/** Handles an unchanged session. Only the clock's own check moves the time of the next one. */
export async function waitForStripe(
  deps: Deps,
  { checkout, actor }: Settling,
  refusal: Result<null>,
): Promise<Result<null>> {
  if (actor === "clock") {
    await write(deps.db, [updateCheckout(deps.db, checkout, { dueAt: nextPollAtMs(checkout, deps.nowMs()) })]);
  }
  return refusal;
}

/** Calls an operator because a session does not match its checkout: nobody is paid. */
export async function flagMismatch(
  deps: Deps,
  { aggregate, checkout, actor }: Settling,
  { totalMinor, currency }: SessionFacts,
): Promise<Result<null>> {
  const isKnown = aggregate.attention.some((one) => one.kind === "session_mismatch" && one.aboutId === checkout.id);
  if (!isKnown || checkout.dueAt !== null) {
    await appendChange(deps, aggregate, {
      name: "flag-mismatch",
      actor,
      data: { checkoutId: checkout.id, totalMinor, currency },
      rows: [
        raise(deps, checkout.testimonyId, {
          kind: "session_mismatch",
          aboutKind: "checkout",
          aboutId: checkout.id,
          ...(checkout.sessionId === null ? {} : { note: checkout.sessionId }), // it is found at Stripe by this
          ...(totalMinor === null || currency === null ? {} : { amountMinor: totalMinor, currency }),
        }),
        updateCheckout(deps.db, checkout, { dueAt: null }),
      ],
    });
  }
  return refuse("session_mismatch");
}
