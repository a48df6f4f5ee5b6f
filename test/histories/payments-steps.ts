import * as fc from "fast-check";
import type { RefundPlan } from "../../src/sandbox/stripe/test-methods";
import type { DisputeStatus } from "./offers-steps";

/** The terms of an order. `account` chooses among the shop's. */
export interface OrderTerms {
  amountMinor: number;
  feeMinor: number;
  currency: "usd" | "eur";
  account: number;
}

/** An order that exists from the start, with the payment that was begun for it. */
export interface OpeningOrder {
  terms: OrderTerms;
  manual: boolean;
  /** Null if nobody has paid yet. */
  method: string | null;
}

/** The caller: the owner, another shopper of the same app, or another developer's. */
export type By = "owner" | "neighbour" | "stranger";

/** A step of the payments contract. Numbers choose among what exists; an order's number is its name. */
export type PaymentsAction =
  // Shops and shoppers.
  | { do: "put-order"; order: number; terms: OrderTerms }
  | { do: "cancel-order"; order: number }
  | {
      do: "create-payment";
      order: number;
      shopper: number;
      manual: boolean;
      terms: OrderTerms | null;
      key: number | null;
    }
  | { do: "confirm-payment"; payment: number; method: string; by: By; key: number | null }
  /** Makes and confirms it: the beginning of most payments. */
  | { do: "charge"; order: number; shopper: number; manual: boolean; method: string }
  | { do: "save-method"; shopper: number; method: string; account: number | null }
  | { do: "pay-with-saved"; payment: number; saved: number; key: number | null }
  | { do: "authenticate"; payment: number; answer: "approve" | "fail" }
  | { do: "capture-payment"; payment: number; percent: number | null; by: By; key: number | null }
  | { do: "cancel-payment"; payment: number; by: By; key: number | null }
  | { do: "refund-payment"; payment: number; percent: number | null; by: By; key: number | null }
  | { do: "view-payment"; payment: number; by: By }
  // Out-of-band.
  | { do: "confirm-payment-at-stripe"; payment: number; method: string }
  | { do: "capture-payment-at-stripe"; payment: number; percent: number }
  | { do: "cancel-payment-at-stripe"; payment: number }
  | { do: "refund-payment-at-stripe"; payment: number; percent: number; plan: RefundPlan }
  | { do: "end-payment-refund"; refund: number; status: "succeeded" | "failed" }
  | { do: "dispute-payment"; payment: number; percent: number | null; inquiry: boolean }
  | { do: "close-payment-dispute"; dispute: number; status: DisputeStatus }
  /** A shopper's customer is deleted, and the stored methods with it. */
  | { do: "delete-customer"; customer: number }
  /** A seller deauthorizes the platform. */
  | { do: "deauthorize-seller"; account: number };

const any = fc.nat({ max: 5 });
const key = fc.option(fc.nat({ max: 2 }), { freq: 2 });
/** Few orders, so that they are paid again and again. */
const order = fc.nat({ max: 2 });
const percent = fc.constantFrom(10, 50, 60, 100);
const part = fc.option(percent, { freq: 3 });
const manual = fc.constantFrom(false, false, true);
const by = fc.constantFrom<By>("owner", "owner", "owner", "owner", "owner", "neighbour", "stranger");

/** Ordinary amounts, the smallest, and those whose parts and fees end in half a cent. */
const terms: fc.Arbitrary<OrderTerms> = fc.record({
  amountMinor: fc.constantFrom(1000, 50, 2505, 99_999),
  feeMinor: fc.constantFrom(0, 0, 1, 50, 25),
  currency: fc.constantFrom("usd", "eur"),
  account: fc.nat({ max: 1 }),
});

/** Mostly the order's terms decide, and the request names none. */
const named = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: terms });
const onAccount = fc.option(fc.nat({ max: 1 }), { freq: 2 });

/** Debits: in euros only, and with a mandate only. */
export const debits: readonly string[] = ["pm_success_at", "pm_failed_at"];

/** Cards and debits by their behaviour. */
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("pm_card_visa", "pm_card_mastercard") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("pm_card_authenticationRequired", "pm_card_threeDSecureRequiredChargeDeclined"),
  },
  { weight: 3, arbitrary: fc.constantFrom(...debits) },
  { weight: 2, arbitrary: fc.constantFrom("pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds") },
  { weight: 2, arbitrary: fc.constantFrom("pm_card_refundFail", "pm_card_pendingRefund", "pm_card_createDispute") },
);

/** Every Stripe call of the payments contract that changes or decides something. */
export const paymentsCalls = [
  "POST /v1/payment_intents",
  "GET /v1/payment_intents",
  "GET /v1/payment_intents/*",
  "POST /v1/payment_intents/*",
  "POST /v1/payment_intents/*/confirm",
  "POST /v1/payment_intents/*/confirm",
  "POST /v1/payment_intents/*/capture",
  "POST /v1/payment_intents/*/cancel",
  "POST /v1/refunds",
  "POST /v1/refunds",
  "GET /v1/refunds",
  "GET /v1/disputes",
  "GET /v1/application_fees/*",
  "POST /v1/customers",
  "POST /v1/payment_methods",
  "POST /v1/payment_methods/*/attach",
  "GET /v1/balance_transactions",
  "GET /v1/accounts/*",
  "GET /v1/events",
] as const;

const doing = <D extends PaymentsAction["do"]>(name: D) => fc.constant(name);

const status = fc.constantFrom<DisputeStatus>("won", "lost", "lost", "warning_closed", "needs_response");
const plan = fc.constantFrom<RefundPlan>("succeed", "succeed", "succeed_then_fail", "pending_then_fail", "fail");

export const endPaymentRefund = (refund: fc.Arbitrary<number>) =>
  fc.record({ do: doing("end-payment-refund"), refund, status: fc.constantFrom("failed", "failed", "succeeded") });

export const paymentsActions: fc.WeightedArbitrary<PaymentsAction>[] = [
  { weight: 3, arbitrary: fc.record({ do: doing("put-order"), order, terms }) },
  { weight: 2, arbitrary: fc.record({ do: doing("cancel-order"), order }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: doing("create-payment"),
      order,
      shopper: any,
      manual,
      terms: named,
      key,
    }),
  },
  { weight: 14, arbitrary: fc.record({ do: doing("confirm-payment"), payment: any, method, by, key }) },
  { weight: 18, arbitrary: fc.record({ do: doing("charge"), order, shopper: any, manual, method }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: doing("save-method"),
      shopper: any,
      method: fc.constantFrom("pm_card_visa", "pm_card_authenticationRequired", "pm_card_refundFail"),
      account: onAccount,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: doing("pay-with-saved"), payment: any, saved: any, key }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: doing("authenticate"),
      payment: any,
      answer: fc.constantFrom("approve", "approve", "fail"),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: doing("capture-payment"), payment: any, percent: part, by, key }) },
  { weight: 3, arbitrary: fc.record({ do: doing("cancel-payment"), payment: any, by, key }) },
  { weight: 12, arbitrary: fc.record({ do: doing("refund-payment"), payment: any, percent: part, by, key }) },
  { weight: 2, arbitrary: fc.record({ do: doing("view-payment"), payment: any, by }) },

  { weight: 2, arbitrary: fc.record({ do: doing("confirm-payment-at-stripe"), payment: any, method }) },
  { weight: 1, arbitrary: fc.record({ do: doing("capture-payment-at-stripe"), payment: any, percent }) },
  { weight: 1, arbitrary: fc.record({ do: doing("cancel-payment-at-stripe"), payment: any }) },
  { weight: 3, arbitrary: fc.record({ do: doing("refund-payment-at-stripe"), payment: any, percent, plan }) },
  { weight: 2, arbitrary: endPaymentRefund(any) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: doing("dispute-payment"),
      payment: any,
      percent: fc.constantFrom(null, null, 50),
      inquiry: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: doing("close-payment-dispute"), dispute: any, status }) },
  { weight: 2, arbitrary: fc.record({ do: doing("delete-customer"), customer: any }) },
  { weight: 1, arbitrary: fc.record({ do: doing("deauthorize-seller"), account: fc.nat({ max: 1 }) }) },
];

/** The orders at the beginning of a history, which save steps. */
export const openingOrders: fc.Arbitrary<OpeningOrder[]> = fc.array(
  fc.record({ terms, manual, method: fc.option(method, { freq: 3 }) }),
  { minLength: 2, maxLength: 3 },
);
