import type Stripe from "stripe";
import { refuseFractionOfPayout } from "../core/currency-rules";
import { newId } from "../core/id";
import { list } from "../core/list";
import { refused } from "../core/refusal";
import type { World } from "../core/world";
import { post } from "./balance-transactions";
import { type Handler, pathId } from "./call";
import { DECISION_SECONDS } from "./delays";

/** `POST /v1/payouts`: pays available money out to the bank, where a reversal cannot reach it any more. */
export const createPayout: Handler = ({ world, account, parameters }) => {
  const amount = parameters.requiredAmount("amount");
  const currency = parameters.currency();
  refuseFractionOfPayout(amount, currency);
  return payOut(world, account, amount, currency, { metadata: parameters.metadata() });
};

export function payOut(
  world: World,
  account: string,
  amount: number,
  currency: string,
  { metadata = {}, isAutomatic = false }: { metadata?: Stripe.Metadata; isAutomatic?: boolean } = {},
): Stripe.Payout {
  if (world.balances.in(account, currency).available < amount) {
    throw refused(
      "balance_insufficient",
      "You have insufficient funds in your Stripe account for this payout.",
      "amount",
    );
  }
  const id = newId("po_");
  const transaction = post(world, account, {
    type: "payout",
    category: "payout",
    amountMinor: -amount,
    currency,
    source: id,
  });
  const payout: Stripe.Payout = {
    id,
    object: "payout",
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: world.now() + DECISION_SECONDS,
    automatic: isAutomatic,
    balance_transaction: transaction.id,
    created: world.now(),
    currency,
    description: null,
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata,
    method: "standard",
    original_payout: null,
    payout_method: null,
    reconciliation_status: "not_applicable",
    reversed_by: null,
    source_type: "card",
    statement_descriptor: null,
    status: "pending",
    trace_id: null,
    type: "bank_account",
  };
  world.insert("payout", account, payout);
  world.emit("payout.created", payout, { account });
  world.due.add(payout.arrival_date, "pay_out", id);
  return payout;
}

/** Marks a payout as paid when the money has reached the bank. */
export function payoutArrived(world: World, id: string): void {
  const account = world.objects.ownerOf(id) ?? "";
  const { object, previous } = world.change("payout", account, id, { status: "paid" });
  world.emit("payout.paid", object, { account, previous });
}

export const retrievePayout: Handler = (call) => call.world.objects.get("payout", call.account, pathId(call));

export const listPayouts: Handler = (call) =>
  list(call.world, call.account, "payout", "/v1/payouts", call.parameters, { status: call.parameters.text("status") });
