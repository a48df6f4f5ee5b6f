import type Stripe from "stripe";
import { refuseBetweenSteps } from "../core/currency-rules";
import { newId } from "../core/id";
import { list } from "../core/list";
import { PLATFORM } from "../core/objects";
import { missing, refused } from "../core/refusal";
import type { World } from "../core/world";
import { post } from "./balance-transactions";
import { type Handler, pathId } from "./call";
import { conversionOn } from "./conversion";

/** `POST /v1/transfers/:id/reversals`: reverses a transfer, as far as the connected account still has the money. */
export const createReversal: Handler = (call) =>
  reverseTransfer(call.world, pathId(call), {
    amountMinor: call.parameters.amount("amount"),
    metadata: call.parameters.metadata(),
  });

/** Reverses an amount of a transfer, or with null all that is left. */
export function reverseTransfer(
  world: World,
  transferId: string,
  { amountMinor, metadata = {} }: { amountMinor: number | null; metadata?: Stripe.Metadata },
): Stripe.TransferReversal {
  const transfer = world.objects.get("transfer", PLATFORM, transferId);
  const left = transfer.amount - transfer.amount_reversed;
  const amount = amountMinor ?? left;
  if (left === 0) {
    throw refused(undefined, `Transfer ${transfer.id} has already been fully reversed.`);
  }
  if (amount > left) {
    throw refused(
      undefined,
      `Reversal amount (${amount}) is greater than unreversed amount on transfer (${left})`,
      "amount",
    );
  }
  refuseBetweenSteps(amount, transfer.currency, "amount");
  const account = String(transfer.destination);
  const availableOnSeconds = refuseBeyondBalance(world, account, transfer, amount);
  const id = newId("trr_");
  post(world, account, {
    type: "payment_refund",
    category: "refund",
    amountMinor: -amount,
    currency: transfer.currency,
    source: String(transfer.destination_payment),
    availableOnSeconds,
  });
  const transaction = post(world, PLATFORM, {
    type: "transfer_refund",
    category: "transfer_reversal",
    amountMinor: amount,
    currency: transfer.currency,
    source: id,
    availableOnSeconds,
  });
  const reversal: Stripe.TransferReversal = {
    id,
    object: "transfer_reversal",
    amount,
    balance_transaction: transaction.id,
    created: world.now(),
    currency: transfer.currency,
    destination_payment_refund: null,
    metadata,
    source_refund: null,
    transfer: transfer.id,
  };
  world.insert("transfer_reversal", PLATFORM, reversal);
  const { object, previous } = world.change("transfer", PLATFORM, transfer.id, {
    amount_reversed: transfer.amount_reversed + amount,
    reversed: amount === left,
  });
  refundDestinationPayment(world, account, transfer, amount);
  world.emit("transfer.reversed", object, { previous });
  return reversal;
}

export const REVERSAL_MODES = ["pending_too", "available_only"] as const;
/**
 * Whether a reversal can reach money that is pending on the connected account. Stripe documents the available balance
 * as the limit, and nothing about a transfer from a charge that has not settled:
 * https://docs.stripe.com/connect/separate-charges-and-transfers
 */
export type ReversalMode = (typeof REVERSAL_MODES)[number];

/** Refuses what the balance does not cover. Returns the time at which the returned money becomes available. */
function refuseBeyondBalance(world: World, account: string, transfer: Stripe.Transfer, amount: number): number {
  const conversion = conversionOn(world, account, transfer.currency);
  const balance = world.balances.in(account, conversion.currency);
  const sent = world.objects.get("balance_transaction", PLATFORM, String(transfer.balance_transaction));
  const isReachable = world.settings.get("reversal_mode") !== "available_only";
  const isPending = isReachable && sent.available_on > world.now();
  const reachable = isPending ? balance.available + balance.pending : balance.available;
  if (conversion.of(amount) > reachable) {
    throw refused(
      "balance_insufficient",
      `The connected account ${account} does not have enough available balance to cover this reversal.`,
    );
  }
  return isPending ? sent.available_on : world.now();
}

function refundDestinationPayment(world: World, account: string, transfer: Stripe.Transfer, amount: number): void {
  const payment = world.objects.get("charge", account, String(transfer.destination_payment));
  const refunded = payment.amount_refunded + amount;
  world.change("charge", account, payment.id, { amount_refunded: refunded, refunded: refunded === payment.amount });
}

export const listReversals: Handler = (call) => {
  const { id } = call.world.objects.get("transfer", PLATFORM, pathId(call));
  return list(call.world, PLATFORM, "transfer_reversal", `/v1/transfers/${id}/reversals`, call.parameters, {
    transfer: id,
  });
};

export const retrieveReversal: Handler = (call) => {
  const id = call.ids[1] ?? "";
  const reversal = call.world.objects.get("transfer_reversal", PLATFORM, id);
  if (reversal.transfer !== pathId(call)) {
    throw missing("transfer reversal", id);
  }
  return reversal;
};
