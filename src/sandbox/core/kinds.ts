import type Stripe from "stripe";

/** The types of the emulator's objects, by the word that Stripe writes into `object`. */
export interface Kinds {
  account: Stripe.Account;
  account_link: Stripe.AccountLink;
  application_fee: Stripe.ApplicationFee;
  balance_transaction: Stripe.BalanceTransaction;
  charge: Stripe.Charge;
  "checkout.session": Stripe.Checkout.Session;
  customer: Stripe.Customer;
  /** The part of a deleted customer that Stripe still answers, which no parameter may name any more. */
  deleted_customer: Stripe.DeletedCustomer;
  dispute: Stripe.Dispute;
  event: StoredEvent;
  fee_refund: Stripe.FeeRefund;
  item: Stripe.LineItem;
  payment_intent: Stripe.PaymentIntent;
  payment_method: Stripe.PaymentMethod;
  payout: Stripe.Payout;
  refund: Stripe.Refund;
  setup_intent: Stripe.SetupIntent;
  transfer: Stripe.Transfer;
  transfer_reversal: Stripe.TransferReversal;
}

export type Kind = keyof Kinds;

/**
 * An event as it is stored. The SDK's type is a union over all of Stripe's events; the emulator only passes the object
 * through.
 */
export type StoredEvent = Omit<Stripe.EventBase, "data" | "type"> & {
  type: string;
  data: { object: object; previous_attributes?: object };
};

/** The required values of an object's members: the value, one of the values, or anything if null. */
export type Filters = Record<string, string | readonly string[] | null>;

/** Bounds of the time of creation, in Unix seconds. */
export type Range = Partial<Record<"gt" | "gte" | "lt" | "lte", number>>;
