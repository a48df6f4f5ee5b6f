import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import type { World } from "../core/world";
import { type Handler, pathId } from "./call";

interface Posting {
  type:
    | "adjustment"
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
  /** The id of the object that moves the money. */
  source: string;
  feeMinor?: number;
  feeDescription?: string;
  /** When the money can be used; now, unless it is later. */
  availableOnSeconds?: number;
}

/** Moves money on an account: the only way a balance changes. Returns the balance transaction. */
export function post(world: World, account: string, posting: Posting): Stripe.BalanceTransaction {
  const now = world.now();
  const fee = posting.feeMinor ?? 0;
  const availableOn = Math.max(now, posting.availableOnSeconds ?? now);
  const transaction: Stripe.BalanceTransaction = {
    id: newId("txn_"),
    object: "balance_transaction",
    amount: posting.amountMinor,
    available_on: availableOn,
    balance_type: "payments",
    created: now,
    currency: posting.currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [feeDetail(posting, fee)],
    net: posting.amountMinor - fee,
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

function feeDetail(posting: Posting, fee: number): Stripe.BalanceTransaction.FeeDetail {
  return {
    amount: fee,
    application: null,
    currency: posting.currency,
    description: posting.feeDescription ?? "Stripe processing fees",
    type: "stripe_fee",
  };
}

/** The day has come: what was pending can be used. */
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
    type: call.parameters.text("type"),
    currency: call.parameters.text("currency"),
    // Only what an automatic payout swept up carries its id, and here every payout is asked for.
    automatic_payout: call.parameters.text("payout"),
  });
