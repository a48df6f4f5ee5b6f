import type { Statement } from "../../db/database";
import type { PaymentView } from "../../db/payments/payment-views";
import { loadPayment, type PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { isLost } from "../../domain/payments/payment";
import { type Result, refuse, success } from "../../domain/result";
import { paramsOf } from "../call-params";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { openEffect, reserveCall } from "../effects";
import type { PaymentKey } from "../follow-ups";
import { askedBy } from "../of-request";
import { type By, executeCall } from "./execute-call";
import { orderFor, type PaymentCall, type RequestedKind } from "./payment-effects";
import { declinedAgain } from "./refused-by-stripe";

/** A request to Stripe: its name in the journal, and what is sent. */
export type Request = PaymentCall & {
  name: string;
  subjectId?: string;
  data?: Record<string, unknown>;
  /** Further rows that are written with the pending call. */
  rows?: readonly Statement[];
};

/**
 * Performs one request of a developer on one payment: finds it, decides, writes down the pending call and executes it.
 * If the same request comes again after its first run was cut off, it resumes its pending call. While a call has an
 * unknown outcome, nothing else is requested (src/guides/decisions.md#unknown-outcomes).
 */
export async function requestOfPayment(
  deps: Deps,
  key: PaymentKey,
  kind: RequestedKind,
  decide: (payment: PaymentAggregate) => Result<Request> | Promise<Result<Request>>,
): Promise<Result<PaymentView>> {
  const found = await findOwnPayment(deps, key);
  if (!found.ok) return found;
  const by: By = { actor: "developer", answer: (after) => success(view(after)) };
  const earlier = earlierOf(deps, found.value, kind);
  if (earlier === "reused") return refuse("idempotency_key_reused");
  if (earlier?.state === "open") return viewed(await executeCall(deps, found.value, earlier, by));
  const ended = earlier && answerAgain(found.value, earlier);
  if (ended) return ended;
  if (isUncertain(found.value)) return refuse("payment_uncertain");
  if (isLost(found.value.payment)) return refuse("account_gone");
  const request = await decide(found.value);
  return request.ok ? viewed(await requestCall(deps, found.value, request.value, by)) : request;
}

/**
 * Loads the payment, whose lock is held. A payment of another order, app or developer does not exist for the caller.
 */
async function findOwnPayment(deps: Deps, key: PaymentKey): Promise<Result<PaymentAggregate>> {
  const found = await loadPayment(deps.db, key.paymentId);
  if (!found) return refuse("payment_unknown");
  const { developerId, appId, orderId } = found.payment;
  const isOwn = developerId === key.developerId && appId === key.appId && orderId === key.orderId;
  return isOwn ? success(found) : refuse("payment_unknown");
}

/** Writes down a pending call and makes it at once. `aggregate` is the payment with the call's rows applied. */
export async function requestCall(
  deps: Deps,
  aggregate: PaymentAggregate,
  request: Request,
  by: By,
): Promise<Result<PaymentAggregate>> {
  const order = orderFor(deps, aggregate, request, request.subjectId);
  const written = await appendChange(deps, aggregate, {
    name: request.name,
    actor: by.actor,
    data: request.data ?? {},
    rows: [...(request.rows ?? []), reserveCall(deps, order)],
  });
  return executeCall(deps, written, openEffect(deps, order), by);
}

/** Returns the call that this very request wrote down before, or `reused` if its key was used for another request. */
function earlierOf(deps: Deps, { effects }: PaymentAggregate, kind: RequestedKind) {
  for (const effect of effects.filter((one) => one.kind === kind)) {
    const { requestKey } = paramsOf(effect, kind);
    const asked = askedBy(deps, { requestKey, createdAt: effect.createdAt });
    if (asked) return asked === "this" ? effect : asked;
  }
  return undefined;
}

/**
 * Returns the answer to a repeated request whose call ended without storing it. A decline stays a decline: the bank is
 * not asked twice. Returns undefined if the call was refused for good and may be tried anew.
 */
function answerAgain(found: PaymentAggregate, { kind, state, failure }: StripeEffect): Result<PaymentView> | undefined {
  const { state: standing, lastError: error } = found.payment;
  const isDeclined = state === "done" || failure?.startsWith("card_declined");
  if (kind === "confirm-intent" && standing === "requires_payment_method" && error && isDeclined) {
    return declinedAgain(error);
  }
  return state === "done" ? success(view(found)) : undefined;
}

/** Tells whether a call has an unknown outcome. */
export function isUncertain({ effects }: PaymentAggregate): boolean {
  return effects.some(({ state }) => state === "open");
}

/** Returns a payment, with its last call settled, as its caller sees it. */
export function view({ payment }: PaymentAggregate): PaymentView {
  return { ...payment, uncertain: false };
}

function viewed(result: Result<PaymentAggregate>): Result<PaymentView> {
  return result.ok ? success(view(result.value)) : result;
}
