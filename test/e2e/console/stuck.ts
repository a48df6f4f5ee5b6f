import { DatabaseSync } from "node:sqlite";
import { cards, type Journey } from "../../journey.ts";
import type { Shop, Transaction } from "../../shop.ts";
import type { TransfersJourney } from "../../transfers-journey.ts";
import { busyMs, databaseFile } from "../kill/stored.ts";

/** Something that stands still: what a customer names it by, what its page must say, and the action that mends it. */
export interface Stuck {
  name: string;
  search: string;
  cause: RegExp;
  operation: string;
}

/** Makes a refund of a client's that Stripe could not carry out. */
export async function refundFailed(journey: Journey): Promise<Stuck> {
  const session = await journey.paidOffer({ card: cards.refundFails });
  await journey.accept(session);
  await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, { reason: "The work was not done." });
  return {
    name: "refund failed",
    search: session.testimonyId,
    cause: /Refund failed/,
    operation: "refund-testimony",
  };
}

/** Makes a refund of a shopper's that Stripe could not carry out. */
export async function paymentRefundFailed(shop: Shop): Promise<Stuck> {
  const payment = await shop.ordered({ amount: 3000 });
  await shop.confirm(payment, { payment_method_id: "pm_card_refundFail" });
  await shop.refund(payment, { amount: 400 });
  return {
    name: "refund of an order failed",
    search: payment.orderId,
    cause: /Refund failed/,
    operation: "refund-payment-of-any",
  };
}

/** Makes a transfer that the receiver has accepted in vain: the sender may not go so far below zero. */
export async function refusedByLimit(transfers: TransfersJourney): Promise<Stuck> {
  const [sender, receiver] = [await transfers.tenant({ name: "Limited" }), await transfers.tenant({ name: "Waiting" })];
  await transfers.admit(sender, { debitLimit: 100 });
  const transfer = await transfers.initiated(sender, receiver, { amount: 1500, externalId: "order-limited" });
  const refused = await transfers.accept(receiver, transfer);
  if (refused.status < 400) throw new Error(`accepted beyond the limit: ${refused.status}`);
  return {
    name: "transfer refused by a limit",
    search: transfer.reference,
    cause: /refuses it/,
    operation: "admit-application",
  };
}

/** Makes a day whose debits and credits differ, as they would if a row had been lost. */
export function dayNotSettled(stateDir: string, reference: string): Stuck {
  const database = new DatabaseSync(databaseFile(stateDir), { timeout: busyMs });
  try {
    const { changes } = database
      .prepare(
        `update settlement_batches set status = 'FAILED', error_message = 'The day''s credits and debits differ'
           where day = (select day from wallet_entries where reference = ? limit 1)`,
      )
      .run(reference);
    if (changes === 0) throw new Error(`no batch holds ${reference}`);
  } finally {
    database.close();
  }
  return { name: "day not settled", search: reference, cause: /Settlement failed/, operation: "settle-day-of-all" };
}

/** Makes a payment whose creation Stripe does not answer. Nothing of Stripe's may be created afterwards. */
export async function paymentUnknown(journey: Journey, shop: Shop, accountId: string): Promise<Stuck> {
  const order = `order-${crypto.randomUUID()}`;
  await journey.fault("POST /v1/payment_intents", "timeout_before", 1_000);
  await shop.create(await shop.shopper(), { order_id: order, account_id: accountId, amount: 1000 });
  return { name: "payment unknown", search: order, cause: /Payment unknown/, operation: "settle-stripe-call" };
}

export function payoutHeld({ testimonyId }: { testimonyId: string }): Stuck {
  return {
    name: "payout held by the account",
    search: testimonyId,
    cause: /no account for payouts/,
    operation: "refund-testimony",
  };
}

export function deliveryFailing({ orderId }: Transaction): Stuck {
  return {
    name: "delivery failing",
    search: orderId,
    cause: /Deliveries failed/,
    operation: "resend-delivery-of-any",
  };
}
