import type { Journey } from "../../journey";
import type { Transaction } from "../../shop";

/** A payment at Stripe, on the account that takes it. Amounts in minor units. */
export interface StripeSide {
  status: string;
  receivedMinor: number;
  /** All attempts at the bank. */
  charges: { status: string; captured: number; refunded: number; fee: number }[];
  /** The refunds that move money; a release does not. */
  refunds: { amount: number; status: string }[];
}

/** Asks the emulator about one payment. */
export async function stripeSideOf(journey: Journey, { transactionId, accountId }: Transaction): Promise<StripeSide> {
  const [intent, charges, refunds] = await Promise.all([
    journey.stripe(`/payment_intents/${transactionId}`, accountId),
    journey.stripe(`/charges?payment_intent=${transactionId}`, accountId),
    journey.stripe(`/refunds?payment_intent=${transactionId}`, accountId),
  ]);
  return {
    status: intent.status,
    receivedMinor: intent.amount_received,
    charges: charges.data.map(chargeOf),
    refunds: refunds.data
      .filter((refund: { balance_transaction: string | null }) => refund.balance_transaction !== null)
      .map(({ amount, status }: { amount: number; status: string }) => ({ amount, status })),
  };
}

interface Charge {
  status: string;
  amount_captured: number;
  amount_refunded: number;
  application_fee_amount: number | null;
}

function chargeOf({ status, amount_captured, amount_refunded, application_fee_amount }: Charge) {
  return { status, captured: amount_captured, refunded: amount_refunded, fee: application_fee_amount ?? 0 };
}

/** Returns the id of the charge that paid. */
export async function chargeIdOf(journey: Journey, { transactionId, accountId }: Transaction): Promise<string> {
  return (await journey.stripe(`/payment_intents/${transactionId}`, accountId)).latest_charge;
}

/** Counts the PaymentIntents of an account. */
export async function intentCount(journey: Journey, accountId: string): Promise<number> {
  return (await journey.stripe("/payment_intents?limit=100", accountId)).data.length;
}
