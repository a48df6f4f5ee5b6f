import { selectPaymentByStripeId } from "../../db/payments/payment-views";
import type { Payment } from "../../db/payments/payments";
import { isId } from "../../domain/id";
import { type Result, success } from "../../domain/result";
import type { LostList, LostObject } from "../../stripe/lost-objects";
import type { Deps } from "../deps";
import type { Recovered } from "../follow-ups";

/** The search in which an object was found. */
interface Search {
  /** The connected account in whose list it was; undefined for the platform's own lists. */
  stripeAccountId: string | undefined;
  operator: string;
}

type Outcome = Promise<Result<Recovered | undefined>>;

/**
 * Finds out from an object's metadata which aggregate it belongs to, and recovers it under that aggregate's lock.
 * Returns undefined if the object is not ours.
 */
export async function recoverObject(deps: Deps, list: LostList, object: LostObject, search: Search): Outcome {
  if (search.stripeAccountId !== undefined) return recoverOfAccount(deps, object, search.stripeAccountId, search);
  if (list === "accounts") return recoverAccount(deps, object, search);
  const { testimony_id: testimonyId, checkout_id: checkoutId, payout_id: payoutId } = object.metadata;
  const { operator } = search;
  if (!isOurs(testimonyId)) return success(undefined);
  if (list === "refunds") return deps.runSerialized({ name: "recover-refunds", input: { testimonyId, operator } });
  if (list === "transfers" && isOurs(payoutId)) {
    return deps.runSerialized({ name: "recover-payout", input: { testimonyId, payoutId } });
  }
  if (list === "transfers" || !isOurs(checkoutId)) return success(undefined);
  const sessionId = list === "sessions" ? object.id : undefined;
  const { paymentIntentId } = object;
  const input = { testimonyId, checkoutId, sessionId, paymentIntentId, operator };
  return deps.runSerialized({ name: "recover-checkout", input });
}

/** Recovers a connected account: an expert's, or a developer's. */
async function recoverAccount(deps: Deps, { id, metadata }: LostObject, { operator }: Search): Outcome {
  const { user_id: userId, account_id: accountId, developer_id: developerId } = metadata;
  if (isOurs(userId)) {
    return deps.runSerialized({ name: "recover-payout-account", input: { userId, stripeAccountId: id, operator } });
  }
  if (!isOurs(accountId) || !isOurs(developerId)) return success(undefined);
  const input = { id: accountId, developerId, stripeAccountId: id, operator };
  return deps.runSerialized({ name: "recover-connected-account", input });
}

/**
 * Recovers a payment on a connected account; for a refund, the payment that it belongs to. The payment is found by its
 * id at Stripe, or else by our ids in the metadata.
 */
async function recoverOfAccount(
  deps: Deps,
  { metadata, paymentIntentId }: LostObject,
  stripeAccountId: string,
  { operator }: Search,
): Outcome {
  if (paymentIntentId === null) return success(undefined);
  const [[known]] = await deps.db.batch([selectPaymentByStripeId(deps.db, paymentIntentId)]);
  if (known?.payment.stripeAccountId === stripeAccountId) return checked(deps, known.payment);
  const { payment_id: paymentId, developer_id: developerId = "", app_id: appId = "", order_id: orderId } = metadata;
  if (!isOurs(paymentId) || orderId === undefined) return success(undefined);
  const key = { developerId, appId, orderId, paymentId, userId: metadata.user_id };
  const input = { ...key, stripeId: paymentIntentId, stripeAccountId, operator };
  return deps.runSerialized({ name: "recover-payment", input });
}

/** Checks a payment that has its row. Only a Stripe that does not answer stops the recovery. */
async function checked(deps: Deps, { id: paymentId, developerId, appId, orderId }: Payment): Outcome {
  const input = { developerId, appId, orderId, paymentId, about: "everything" } as const;
  const result = await deps.runSerialized({ name: "check-payment", input });
  return result.ok || result.refusal !== "stripe_unavailable" ? success("known") : result;
}

function isOurs(id: string | undefined): id is string {
  return id !== undefined && isId(id);
}
