import { type PaymentView, viewOf } from "../../db/payment-views";
import type { Payment } from "../../db/payments";
import type { ShopperCaller } from "./auth";

/** The payment that was found, if it is the shopper's: another's and an unknown one are the same. */
export function ownPayment(
  caller: ShopperCaller,
  [found]: readonly { payment: Payment; uncertain: number }[],
): PaymentView | undefined {
  return found && isOwn(caller, found.payment) ? viewOf(found) : undefined;
}

/** Whether a payment is of this developer, app and shopper. */
export function isOwn(
  { developer, app, user }: ShopperCaller,
  { developerId, appId, userId }: Pick<Payment, "developerId" | "appId" | "userId">,
): boolean {
  return developerId === developer.id && appId === app.id && userId === user.id;
}
