import type { StripeEffect } from "../../../db/stripe-effects";
import type { CallKind } from "../../../domain/stripe-call";
import { retrieveSession } from "../../../stripe/checkout";
import { retrieveConnectedAccount } from "../../../stripe/connected-accounts";
import { listConnectedRefunds } from "../../../stripe/connected-refunds";
import { retrieveCustomer } from "../../../stripe/customers";
import type { StripeOutcome } from "../../../stripe/failure";
import { intentMade, transferMade } from "../../../stripe/made";
import { retrieveMethod } from "../../../stripe/payment-methods";
import { listRefunds } from "../../../stripe/refunds";
import { retrieveTransfer } from "../../../stripe/transfers";
import { paramsOf } from "../../call-params";
import type { Deps } from "../../deps";
import type { EffectKind } from "../../effect-kind";
import { deleteAccountEffect } from "../../payments/connected-accounts/account-effects";
import { cancelIntentEffect, captureIntentEffect, confirmIntentEffect } from "../../payments/payment-effects";
import { attachMethodEffect, detachMethodEffect } from "../../payments/payment-methods/method-effects";

type Made = Promise<StripeOutcome<{ id: string } | undefined>>;

/** Handles a call that changes an object which existed before: the object itself shows whether the call was made. */
function changed(kind: EffectKind<{ id: string }>, idOf: (effect: StripeEffect) => string) {
  return async (deps: Deps, effect: StripeEffect, id: string): Made =>
    id === idOf(effect) ? kind.find(deps, effect) : { ok: true, value: undefined };
}

const intentId = (effect: StripeEffect) =>
  paramsOf(effect, "confirm-intent", "capture-intent", "cancel-intent").stripeId;
const methodId = (effect: StripeEffect) => paramsOf(effect, "attach-method", "detach-method").methodId;

/** By kind: fetches the object with this id, in the form of the call's answer, if it is what the call asked for. */
const fetched: Record<CallKind, (deps: Deps, effect: StripeEffect, id: string) => Made> = {
  async "create-session"({ stripe }, effect, id) {
    const { checkoutId, currency, lines } = paramsOf(effect, "create-session");
    const totalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return matching(
      await retrieveSession(stripe, id),
      (session) =>
        session.metadata.checkout_id === checkoutId &&
        session.currency === currency &&
        session.totalMinor === totalMinor,
    );
  },
  async "expire-session"({ stripe }, effect, id) {
    const isSame = id === paramsOf(effect, "expire-session").sessionId;
    return matching(await retrieveSession(stripe, id), ({ status }) => isSame && status === "expired");
  },
  async "create-refund"({ stripe }, effect, id) {
    const order = paramsOf(effect, "create-refund");
    return among(await listRefunds(stripe, order.paymentIntentId), id, order);
  },
  "create-transfer": ({ stripe }, effect, id) => transferMade(stripe, paramsOf(effect, "create-transfer"), id),
  async "reverse-transfer"({ stripe }, effect, id) {
    const order = paramsOf(effect, "reverse-transfer");
    const seen = await retrieveTransfer(stripe, order.transferId);
    if (!seen.ok) return seen;
    const isOf = (one: { id: string; amountMinor: number; payoutId: string | undefined }) =>
      one.id === id && one.amountMinor === order.amountMinor && one.payoutId === order.payoutId;
    return { ok: true, value: seen.value.reversals.find(isOf) };
  },
  "create-account": ({ stripe }, effect, id) => {
    const { userId, email } = paramsOf(effect, "create-account");
    return accountMade(stripe, id, { user_id: userId }, email);
  },
  "create-connected-account": ({ stripe }, effect, id) => {
    const { accountId, developerId, email } = paramsOf(effect, "create-connected-account");
    return accountMade(stripe, id, { account_id: accountId, developer_id: developerId }, email);
  },
  "delete-connected-account": changed(
    deleteAccountEffect,
    (effect) => paramsOf(effect, "delete-connected-account").stripeId,
  ),
  async "create-customer"({ stripe }, effect, id) {
    const { userId, stripeAccountId } = paramsOf(effect, "create-customer");
    return matching(await retrieveCustomer(stripe, { id, stripeAccountId }), (customer) => customer?.userId === userId);
  },
  async "exchange-token"({ stripe }, effect, id) {
    const { stripeAccountId } = paramsOf(effect, "exchange-token");
    return matching(
      await retrieveMethod(stripe, { methodId: id, stripeAccountId }),
      ({ kind, customerId }) => kind === "card" && customerId === null,
    );
  },
  "attach-method": changed(attachMethodEffect, methodId),
  "detach-method": changed(detachMethodEffect, methodId),
  "create-intent": ({ stripe }, effect, id) => intentMade(stripe, paramsOf(effect, "create-intent"), id),
  "confirm-intent": changed(confirmIntentEffect, intentId),
  "capture-intent": changed(captureIntentEffect, intentId),
  "cancel-intent": changed(cancelIntentEffect, intentId),
  async "create-payment-refund"({ stripe }, effect, id) {
    const order = paramsOf(effect, "create-payment-refund");
    return among(await listConnectedRefunds(stripe, order), id, order);
  },
};

/**
 * Fetches the object that an operator names as the result of a call. The value is undefined if it is not what the call
 * asked for.
 */
export function fetchMade(deps: Deps, effect: StripeEffect, id: string): Made {
  return fetched[effect.kind](deps, effect, id);
}

function matching<T extends { id: string } | undefined>(
  seen: StripeOutcome<T>,
  isOf: (value: T) => boolean,
): StripeOutcome<T | undefined> {
  return seen.ok && !isOf(seen.value) ? { ok: true, value: undefined } : seen;
}

function among<T extends { id: string; amountMinor: number; refundId: string | undefined }>(
  listed: StripeOutcome<T[]>,
  id: string,
  { refundId, amountMinor }: { refundId: string; amountMinor: number },
): StripeOutcome<T | undefined> {
  if (!listed.ok) return listed;
  const isOf = (one: T) => one.id === id && one.refundId === refundId && one.amountMinor === amountMinor;
  return { ok: true, value: listed.value.find(isOf) };
}

async function accountMade(stripe: Deps["stripe"], id: string, metadata: Record<string, string>, email: string): Made {
  const seen = await retrieveConnectedAccount(stripe, id);
  if (!seen.ok) return seen;
  const { facts, details } = seen.value;
  const isOf = Object.entries(metadata).every(([name, value]) => details.metadata[name] === value);
  return { ok: true, value: isOf && details.email === email ? facts : undefined };
}
