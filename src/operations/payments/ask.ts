import type { Statement } from "../../db/database";
import { loadPayment, type PaymentAggregate, type PaymentView } from "../../db/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { type Result, refuse, success } from "../../domain/result";
import { record } from "../change";
import type { Deps } from "../deps";
import { claim, openEffect } from "../effects";
import type { PaymentKey } from "../payment-commands";
import { type By, carryOut } from "./carry-out";
import { type OfRequest, orderFor, type PaymentEffectKind } from "./payment-effects";

/** A verb that Stripe must carry out: what it is called in the journal, and what is sent. */
export interface Request {
  name: string;
  kind: PaymentEffectKind;
  order: object;
  subjectId?: string;
  data?: Record<string, unknown>;
  /** What else is true from the claim on. */
  rows?: readonly Statement[];
}

/**
 * One verb of a developer on one payment: found, decided on, claimed, carried out. The same request again, after its first
 * run was cut off, goes on with what it had claimed. While a call has an unknown outcome, nothing else is asked (decisions
 * P9).
 */
export async function askOfPayment(
  deps: Deps,
  key: PaymentKey,
  kind: PaymentEffectKind,
  decide: (payment: PaymentAggregate) => Result<Request> | Promise<Result<Request>>,
): Promise<Result<PaymentView>> {
  const found = await findOwnPayment(deps, key);
  if (!found.ok) return found;
  const by: By = { actor: "developer", answer: (after) => success(view(after)) };
  const earlier = ofThisRequest(deps, found.value, kind);
  if (earlier?.state === "done") return success(view(found.value));
  if (earlier?.state === "open") return viewed(await carryOut(deps, found.value, earlier, by));
  if (isUncertain(found.value)) return refuse("payment_uncertain");
  const request = await decide(found.value);
  return request.ok ? viewed(await ask(deps, found.value, request.value, by)) : request;
}

/** The payment under whose lock we are. One of another order, app or developer does not exist for the caller. */
async function findOwnPayment(deps: Deps, key: PaymentKey): Promise<Result<PaymentAggregate>> {
  const found = await loadPayment(deps.db, key.paymentId);
  if (!found) return refuse("payment_unknown");
  const { developerId, appId, orderId } = found.payment;
  const isOwn = developerId === key.developerId && appId === key.appId && orderId === key.orderId;
  return isOwn ? success(found) : refuse("payment_unknown");
}

/** Claims a call and makes it in the same turn. `aggregate` is as it stands with the claim's rows. */
export async function ask(
  deps: Deps,
  aggregate: PaymentAggregate,
  request: Request,
  by: By,
): Promise<Result<PaymentAggregate>> {
  const order = orderFor(deps, aggregate, request.kind, request.order, request.subjectId);
  const claimed = await record(deps, aggregate, {
    name: request.name,
    actor: by.actor,
    data: request.data ?? {},
    rows: [...(request.rows ?? []), claim(deps, order)],
  });
  return carryOut(deps, claimed, openEffect(deps, order), by);
}

function ofThisRequest(deps: Deps, { effects }: PaymentAggregate, kind: PaymentEffectKind): StripeEffect | undefined {
  const key = requestKey(deps);
  if (key === null) return undefined;
  return effects.find((one) => one.kind === kind && (one.params as Partial<OfRequest>).requestKey === key);
}

/** What tells one keyed request from another; null for a request without a key. */
export function requestKey({ claim: open }: Deps): string | null {
  return open ? `${open.caller} ${open.operation} ${open.key}` : null;
}

/** Whether a call has an unknown outcome. */
export function isUncertain({ effects }: PaymentAggregate): boolean {
  return effects.some(({ state }) => state === "open");
}

/** A payment as its caller sees it, its last call settled. */
export function view({ payment }: PaymentAggregate): PaymentView {
  return { ...payment, uncertain: false };
}

function viewed(result: Result<PaymentAggregate>): Result<PaymentView> {
  return result.ok ? success(view(result.value)) : result;
}
