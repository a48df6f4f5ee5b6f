import { type PaymentView, viewOf } from "../../db/payments/payment-views";
import type { Payment } from "../../db/payments/payments";
import type { ShopperCaller } from "./auth";

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
