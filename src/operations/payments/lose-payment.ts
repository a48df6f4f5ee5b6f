import { selectAttention } from "../../db/attention";
import { selectAccountState } from "../../db/payments/connected-accounts";
import type { PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { isStanding } from "../../domain/account";
import type { Actor } from "../../domain/machine";
import { raise } from "../attention";
import type { Deps } from "../deps";
import { isWithBank } from "./reduce-payment";
import { type Cause, settlePayment } from "./settle-payment";

/**
 * Ends a payment whose account is gone. Stripe shows and moves nothing there any more, so an unknown outcome can
 * neither be learned nor changed: an unpaid payment is over, and the operator sees what may have been done without our
 * knowing. This is safe for us: direct charges are the seller's money, and the seller still sees the account.
 */
export async function losePayment(
  deps: Deps,
  aggregate: PaymentAggregate,
  cause: Pick<Cause, "rows" | "refusedRefund"> & { actor: Actor },
  /** The call that the account refuses, if one is to be ended. */
  effect?: StripeEffect,
): Promise<PaymentAggregate> {
  const isNew = isUnclear(deps, aggregate, effect) && !(await wasShown(deps, aggregate));
  const lost = await settlePayment(
    deps,
    aggregate,
    {},
    {
      ...cause,
      name: "lose-payment",
      data: { failure: "account_gone" },
      rows: [...(cause.rows ?? []), ...(isNew ? [shown(deps, aggregate)] : [])],
      gone: true,
    },
  );
  await noticeGone(deps, aggregate.payment.accountId);
  return lost;
}

/** Tells whether the shopper's money may have moved, or may still move, without our knowing. */
function isUnclear(
  { nowMs }: Deps,
  { payment, refunds, disputes }: PaymentAggregate,
  effect: StripeEffect | undefined,
): boolean {
  if (effect && effect.attempts > 0 && effect.kind !== "create-intent") return true;
  if (refunds.some(({ state }) => state === "pending")) return true;
  return (
    (payment.state === "processing" && !isWithBank(payment, nowMs())) || disputes.some(({ state }) => state === "open")
  );
}

/** Tells whether the operator was shown this before: a payment whose fee is still looked for is lost again. */
async function wasShown({ db }: Deps, { payment: { id } }: PaymentAggregate): Promise<boolean> {
  const [reasons] = await db.batch([selectAttention(db, id)]);
  return reasons.some(({ kind, aboutId }) => kind === "account_gone" && aboutId === id);
}

function shown(deps: Deps, { payment: { id, amountMinor, currency } }: PaymentAggregate) {
  return raise(deps, id, { kind: "account_gone", aboutKind: "payment", aboutId: id, amountMinor, currency });
}

/** Checks the account, because the event about it may be lost. */
async function noticeGone(deps: Deps, accountId: string): Promise<void> {
  const [[account]] = await deps.db.batch([selectAccountState(deps.db, accountId)]);
  if (!account || account.state === "gone" || !isStanding(account.state)) return;
  await deps.enqueueCommands([{ name: "check-connected-account", input: { id: accountId } }]);
}
