import { write } from "../../db/database";
import { loadPayment, type Payment, updatePayment } from "../../db/payments/payments";
import { mayAsk } from "../../domain/payments/payment";
import { done, type Result, refuse } from "../../domain/result";
import { minuteMs } from "../../domain/time";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { cancellation } from "./cancel-payment";
import { losePayment } from "./lose-payment";
import { orphanedBy } from "./orphaned-payment";
import { isUncertain, requestCall } from "./request-call";
import { settlePayment } from "./settle-payment";
import { pollPayment } from "./stripe-snapshot";

/** Delay of the next check when Stripe does not answer about a payment, so that it does not block those behind it. */
const putOffMs = 5 * minuteMs;

/**
 * Asks Stripe for the present state of a payment, and settles it. An event only says that there is something to ask: it
 * may be late, doubled or lost (src/guides/decisions.md#lost-events). A payment that its order does not need any more
 * is ended.
 */
export async function checkPayment(
  deps: Deps,
  { paymentId, about }: FollowUps["check-payment"],
): Promise<Result<null>> {
  const found = await loadPayment(deps.db, paymentId);
  if (!found || found.payment.stripeId === null) return done;
  const asked = await pollPayment(deps, found, about);
  if (!asked.ok && asked.failure.kind === "account_gone") {
    await losePayment(deps, found, { actor: about === "everything" ? "clock" : "stripe" });
    return done;
  }
  if (!asked.ok) {
    const { id, dueAt } = found.payment;
    if (dueAt !== null) await write(deps.db, [updatePayment(deps.db, id, { dueAt: deps.nowMs() + putOffMs })]);
    return refuse("stripe_unavailable", asked.failure.message);
  }
  const actor = about === "everything" ? "clock" : "stripe";
  const settled = await settlePayment(deps, found, asked.value, { name: "follow-payment", actor });
  const reason = orphanedBy(settled);
  if (reason === undefined || isUncertain(settled) || !mayAsk("cancel", settled.payment.state)) return done;
  if (settled.payment.state === "requires_capture") return done; // an authorization is released as a refund
  const request = cancellation(settled.payment, null, { reason });
  const ended = await requestCall(deps, settled, request, { actor: "clock" });
  return ended.ok ? done : ended;
}

/** Asks Stripe about the refunds of a payment on behalf of another request, whose answer is not written by this. */
export function checkRefunds(
  { reservation: _, ...deps }: Deps,
  { id: paymentId, developerId, appId, orderId }: Payment,
): Promise<Result<null>> {
  return checkPayment(deps, { developerId, appId, orderId, paymentId, about: "refunds" });
}
