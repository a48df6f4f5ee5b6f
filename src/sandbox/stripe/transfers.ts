import type Stripe from "stripe";
import { refuseBetweenSteps } from "../core/currency-rules";
import { newId } from "../core/id";
import { list } from "../core/list";
import { PLATFORM } from "../core/objects";
import { missing, refused } from "../core/refusal";
import { view } from "../core/view";
import type { World } from "../core/world";
import { fundsAvailableOn } from "./attempt-charge";
import { post } from "./balance-transactions";
import { type Handler, pathId } from "./call";
import { newCharge } from "./charges";
import { isWithinReach } from "./countries";

/** `POST /v1/transfers`: moves money from the platform to a connected account. */
export const createTransfer: Handler = ({ world, parameters }) => {
  const amount = parameters.requiredAmount("amount");
  const currency = parameters.currency();
  refuseBetweenSteps(amount, currency, "amount");
  const destination = receivingAccount(world, parameters.required("destination"));
  const sourceId = parameters.text("source_transaction");
  const source = sourceId === null ? null : sourceCharge(world, sourceId, amount, currency);
  // A charge that has settled does not cover a transfer by itself any more, because its money may have been paid out
  // since. https://docs.stripe.com/connect/separate-charges-and-transfers
  const isCovered = source !== null && source.availableOnSeconds > world.now();
  if (!isCovered && world.balances.in(PLATFORM, currency).available < amount) {
    throw refused(
      "balance_insufficient",
      "You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card.",
    );
  }
  const availableOnSeconds = source?.availableOnSeconds ?? world.now();
  const id = newId("tr_");
  const transferGroup =
    parameters.text("transfer_group") ??
    source?.charge.transfer_group ??
    (source ? `group_${source.charge.payment_intent ?? source.charge.id}` : null);
  const payment = receive(world, destination, { id, amount, currency, availableOnSeconds });
  const transaction = post(world, PLATFORM, {
    type: "transfer",
    category: "transfer",
    amountMinor: -amount,
    currency,
    source: id,
    availableOnSeconds,
  });
  const transfer: Stripe.Transfer = {
    id,
    object: "transfer",
    amount,
    amount_reversed: 0,
    balance_transaction: transaction.id,
    created: world.now(),
    currency,
    description: parameters.text("description"),
    destination,
    destination_payment: payment.id,
    livemode: false,
    metadata: parameters.metadata(),
    reversals: { object: "list", data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: source?.charge.id ?? null,
    source_type: "card",
    transfer_group: transferGroup,
  };
  world.insert("transfer", PLATFORM, transfer);
  world.emit("transfer.created", transfer);
  return transfer;
};

/** Refuses an account that does not exist or may not receive. Returns its id. */
function receivingAccount(world: World, id: string): string {
  const account = world.objects.find("account", PLATFORM, id);
  if (account === null) {
    throw missing("destination", id, "destination");
  }
  if (!isWithinReach(account.country ?? "NL")) {
    throw refused(
      "transfers_not_allowed",
      `Funds can't be sent to accounts located in ${account.country} because it's restricted outside of your platform's region.`,
      "destination",
    );
  }
  if (account.capabilities?.transfers !== "active") {
    throw refused(
      "insufficient_capabilities_for_transfer",
      "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments",
      "destination",
    );
  }
  return id;
}

/**
 * Finds the charge that pays for the transfer, with the time at which its money becomes available. Stripe documents the
 * amount of the charge as the limit and is silent on later refunds or disputes: here such a transfer is paid from the
 * platform's balance.
 */
function sourceCharge(
  world: World,
  id: string,
  amount: number,
  currency: string,
): { charge: Stripe.Charge; availableOnSeconds: number } {
  const charge = world.objects.get("charge", PLATFORM, id, "source_transaction");
  if (charge.status !== "succeeded" || !charge.captured) {
    throw refused(
      undefined,
      `Charge ${id} cannot be a source_transaction: it is ${charge.captured ? charge.status : "not captured"}.`,
      "source_transaction",
    );
  }
  if (charge.currency !== currency) {
    throw refused(
      undefined,
      `The currency of source_transaction's balance transaction (${charge.currency}) must be the same as the transfer currency (${currency})`,
      "currency",
    );
  }
  const spent = world.objects
    .all("transfer", PLATFORM, { source_transaction: id })
    .reduce((sum, transfer) => sum + transfer.amount - transfer.amount_reversed, 0);
  // Stripe compares with the whole charge: refunds or disputes of it do not limit its transfers.
  // https://docs.stripe.com/connect/separate-charges-and-transfers
  if (amount + spent > charge.amount_captured) {
    throw refused(
      undefined,
      `Transfers using this transaction as a source must not exceed the source amount of ${charge.amount_captured}. (There is already a transfer using this source, amounting to ${spent}.)`,
      "amount",
    );
  }
  return { charge, availableOnSeconds: fundsAvailableOn(world, PLATFORM, charge) };
}

/** Makes the other side of a transfer: a payment on the connected account. */
function receive(
  world: World,
  account: string,
  given: { id: string; amount: number; currency: string; availableOnSeconds: number },
): Stripe.Charge {
  const payment = newCharge(world, "py_", {
    amount: given.amount,
    currency: given.currency,
    status: "succeeded",
    source_transfer: given.id,
  });
  const transaction = post(world, account, {
    type: "payment",
    category: "charge",
    amountMinor: given.amount,
    currency: given.currency,
    source: payment.id,
    availableOnSeconds: given.availableOnSeconds,
  });
  const received = { ...payment, balance_transaction: transaction.id };
  world.insert("charge", account, received);
  return received;
}

export const retrieveTransfer: Handler = (call) =>
  view(call.world.objects, PLATFORM, call.world.objects.get("transfer", PLATFORM, pathId(call)));

export const listTransfers: Handler = (call) =>
  list(call.world, PLATFORM, "transfer", "/v1/transfers", call.parameters, {
    destination: call.parameters.text("destination"),
    transfer_group: call.parameters.text("transfer_group"),
  });

export const updateTransfer: Handler = (call) => {
  const transfer = call.world.objects.get("transfer", PLATFORM, pathId(call));
  const { object, previous } = call.world.change("transfer", PLATFORM, transfer.id, {
    metadata: call.parameters.mergedMetadata(transfer.metadata),
    ...(call.parameters.has("description") && { description: call.parameters.text("description") }),
  });
  call.world.emit("transfer.updated", object, { previous });
  return view(call.world.objects, PLATFORM, object);
};
