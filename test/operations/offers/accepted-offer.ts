import { expect } from "vitest";
import { cards, type Journey, type PaidSession } from "../../journey";
import { hundred } from "../books";
import { payoutOf } from "../rows";

/** Makes an accepted offer of 100.00, and waits for everything that is done at once. */
export async function acceptedOffer(
  journey: Journey,
  { onboarded = true, card = cards.good } = {},
): Promise<PaidSession> {
  const expert = await journey.registerExpert();
  if (onboarded) await journey.onboard(expert);
  await journey.advance(0);
  const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false, card });
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(1);
  expect((await payoutOf(session)).state).toBe(onboarded ? "paid" : "held");
  return session;
}

/** Requests its refund as an operator. */
export function refund(journey: Journey, { testimonyId }: { testimonyId: string }, reason = "The expert fell ill.") {
  return journey.operator("POST", `/testimonies/${testimonyId}/refund`, { reason });
}

/** Reads the payment at Stripe: its refunds and the transfer with its reversals. */
export async function atStripe(journey: Journey, { testimonyId }: PaidSession) {
  const [charge] = (await journey.stripe(`/charges?transfer_group=${testimonyId}`)).data;
  const refunds = (await journey.stripe(`/refunds?charge=${charge.id}`)).data;
  const transfers = (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data;
  return {
    refunds: refunds.map((one: { amount: number; status: string }) => [one.amount, one.status]),
    transfers: transfers.map((one: { amount: number; amount_reversed: number }) => [one.amount, one.amount_reversed]),
  };
}

/** The ledger after everything was returned: Stripe keeps its fee. */
export const undone = { stripe_balance: -hundred.feeMinor, stripe_fees: hundred.feeMinor };
