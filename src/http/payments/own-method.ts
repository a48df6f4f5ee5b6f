import type { Database } from "../../db/database";
import { type PaymentMethod, selectPaymentMethod } from "../../db/payments/payment-methods";
import type { Refusal } from "../../domain/refusal";
import type { ShopperCaller } from "./auth";

type Look = { db: Database; params: Record<string, string> };

/** Finds the method that a path names, if it is the shopper's and usable. Any other counts as unknown. */
export const ownMethod = {
  load: ({ db, params: { id = "" } }: Look) => [selectPaymentMethod(db, id)] as const,
  find: ([[method]]: readonly [readonly PaymentMethod[]]): PaymentMethod | Refusal => method ?? "method_unknown",
  permit: ({ user }: ShopperCaller, { userId, state }: PaymentMethod): Refusal | undefined =>
    userId === user.id && state === "active" ? undefined : "method_unknown",
};
