import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import type { World } from "../core/world";
import { type Handler, pathId } from "./call";
import { type Conversion, conversionOn } from "./conversion";
import { lineFilter } from "./line-filters";
import type { OWN_LINES, OwnLine } from "./own-line-types";

/** The platform's id as connected accounts see it. */
export const APPLICATION = "ca_sandboxplatform";

interface Posting {
  type:
    | (typeof OWN_LINES)[OwnLine]["type"]
    | "application_fee"
    | "application_fee_refund"
    | "charge"
    | "payment"
    | "payment_refund"
    | "payout"
    | "refund"
    | "refund_failure"
    | "transfer"
    | "transfer_refund";
  category: string;
  amountMinor: number;
  currency: string;
  /** The id of the object that moves the money; Stripe's own bills have none. */
  source: string | null;
  description?: string;
  /** Stripe's fee. */
  feeMinor?: number;
  feeDescription?: string;
  /** The platform's fee of a direct charge; negative when a refund returns it. */
  applicationFeeMinor?: number;
  /** The time at which the money becomes available; the present time by default. */
  availableOnSeconds?: number;
}

/** Moves money on an account, in the account's own currency. A balance changes only here. Returns the transaction. */
export function post(world: World, account: string, posting: Posting): Stripe.BalanceTransaction {
  const now = world.now();
  const conversion = conversionOn(world, account, posting.currency);
  const feeDetails = feeDetailsOf(posting, conversion);
  const amountMinor = conversion.of(posting.amountMinor);
  const fee = feeDetails.reduce((sum, detail) => sum + detail.amount, 0);
  const availableOn = Math.max(now, posting.availableOnSeconds ?? now);
  const transaction: Stripe.BalanceTransaction = {
    id: newId("txn_"),
    object: "balance_transaction",
    amount: amountMinor,
    available_on: availableOn,
    balance_type: "payments",
    created: now,
    currency: conversion.currency,
    description: posting.description ?? null,
    exchange_rate: conversion.rate,
    fee,
    fee_details: feeDetails,
    net: amountMinor - fee,
    reporting_category: posting.category,
    source: posting.source,
    status: availableOn > now ? "pending" : "available",
    type: posting.type,
  };
  world.insert("balance_transaction", account, transaction);
  if (availableOn > now) {
    world.balances.add(account, transaction.currency, { pending: transaction.net });
    world.due.add(availableOn, "settle_funds", transaction.id);
  } else {
    world.balances.add(account, transaction.currency, { available: transaction.net });
  }
  return transaction;
}

function feeDetailsOf(posting: Posting, conversion: Conversion): Stripe.BalanceTransaction.FeeDetail[] {
  const { currency } = conversion;
  const { feeMinor = 0, feeDescription, applicationFeeMinor = 0 } = posting;
  return [
    {
      amount: conversion.of(applicationFeeMinor),
      application: APPLICATION,
      currency,
      description: "Accord application fee",
      type: "application_fee",
    },
    {
      amount: conversion.of(feeMinor),
      application: null,
      currency,
      description: feeDescription ?? "Stripe processing fees",
      type: "stripe_fee",
    },
  ].filter((detail) => detail.amount !== 0);
}

/** Makes pending funds available when their day has come. */
export function settleFunds(world: World, id: string): void {
  const account = world.objects.ownerOf(id) ?? "";
  const { object } = world.change("balance_transaction", account, id, { status: "available" });
  world.balances.add(account, object.currency, { available: object.net, pending: -object.net });
}

export const retrieveBalanceTransaction: Handler = (call) =>
  call.world.objects.get("balance_transaction", call.account, pathId(call));

export const listBalanceTransactions: Handler = (call) =>
  list(call.world, call.account, "balance_transaction", "/v1/balance_transactions", call.parameters, {
    source: call.parameters.text("source"),
    type: lineFilter(call.parameters.text("type")),
    currency: call.parameters.text("currency"),
    // The emulator does not record what an automatic payout contains, so none is found by it.
    automatic_payout: call.parameters.text("payout"),
  });
