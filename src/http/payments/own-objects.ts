import type { Database } from "../../db/database";
import { type ConnectedAccount, selectConnectedAccount } from "../../db/payments/connected-accounts";
import { type PaymentMethod, selectPaymentMethod } from "../../db/payments/payment-methods";
import { type PaymentView, selectPaymentOfRefund, selectPaymentRefund, viewOf } from "../../db/payments/payment-views";
import type { Payment, PaymentRefund } from "../../db/payments/payments";
import type { Refusal } from "../../domain/refusal";
import type { DeveloperCaller, ShopperCaller } from "./auth";

/** The kinds of objects that a path names, and where each is looked up. */
interface Named {
  db: Database;
  params: Record<string, string>;
}

type Rows = readonly [readonly { account: ConnectedAccount }[]];

/** Finds the account that a path names. Another developer's account counts as unknown. */
export const ownAccount = {
  load: ({ db, params: { id = "" } }: Named) => [selectConnectedAccount(db, id)] as const,
  find: ([[found]]: Rows): ConnectedAccount | Refusal => found?.account ?? "account_foreign",
  permit: (caller: DeveloperCaller, account: ConnectedAccount): Refusal | undefined =>
    ownOf(caller, account) ? undefined : "account_foreign",
};

/** Finds the account that the body names. The handler checks the owner, because the body's own problems come first. */
export const namedAccount = {
  load: ({ db, body }: { db: Database; body: { account_id?: string | null | undefined } | undefined }) =>
    [selectConnectedAccount(db, body?.account_id ?? "")] as const,
  find: ([[found]]: Rows) => ({ account: found?.account }),
};

/** Returns the account if it is the caller's; undefined if it is another's, deleted or unknown. */
export function ownOf({ developer }: DeveloperCaller, account: ConnectedAccount | undefined) {
  return account?.developerId === developer.id && account.state !== "deleted" ? account : undefined;
}

/** Finds the method that a path names, if it is the shopper's and usable. Any other counts as unknown. */
export const ownMethod = {
  load: ({ db, params: { id = "" } }: Named) => [selectPaymentMethod(db, id)] as const,
  find: ([[method]]: readonly [readonly PaymentMethod[]]): PaymentMethod | Refusal => method ?? "method_unknown",
  permit: ({ user }: ShopperCaller, { userId, state }: PaymentMethod): Refusal | undefined =>
    userId === user.id && state === "active" ? undefined : "method_unknown",
};

/** Reads the refund that a path names, with its payment. The handler checks whose it is. */
export const namedRefund = {
  load: ({ db, params: { id = "" } }: Named) => [selectPaymentRefund(db, id), selectPaymentOfRefund(db, id)] as const,
  find: ([[refund], [payment]]: readonly [readonly PaymentRefund[], readonly Payment[]]) => ({ refund, payment }),
};

/** Returns the payment if it is the shopper's; another's is answered like an unknown one. */
export function ownPayment(
  caller: ShopperCaller,
  [found]: readonly { payment: Payment; uncertain: number }[],
): PaymentView | undefined {
  return found && isOwn(caller, found.payment) ? viewOf(found) : undefined;
}

/** Tells whether a payment belongs to this developer, app and shopper. */
export function isOwn(
  { developer, app, user }: ShopperCaller,
  { developerId, appId, userId }: Pick<Payment, "developerId" | "appId" | "userId">,
): boolean {
  return developerId === developer.id && appId === app.id && userId === user.id;
}
