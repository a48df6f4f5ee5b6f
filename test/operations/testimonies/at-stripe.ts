import { expect } from "vitest";
import type { Journey, PaidSession } from "../../journey";
import { hundred } from "../books";

/** An offer of 100.00 that is paid for and not confirmed. */
export async function paidHundred(
  journey: Journey,
  { onboarded = true, card }: { onboarded?: boolean; card?: string } = {},
): Promise<PaidSession> {
  const expert = await journey.registerExpert();
  if (onboarded) await journey.onboard(expert);
  await journey.advance(0);
  return journey.paidOffer({ price: hundred.price, expert, onboarded: false, ...(card ? { card } : {}) });
}

/** The charge of a testimony. */
export async function chargeOf(journey: Journey, { testimonyId }: PaidSession) {
  const { data } = await journey.stripe(`/charges?transfer_group=${testimonyId}`);
  return data[0] as { id: string; payment_intent: string };
}

/** Gives money of a payment back in Stripe's dashboard, as it were. */
export async function refundAtStripe(journey: Journey, session: PaidSession, amount?: number): Promise<void> {
  const { payment_intent } = await chargeOf(journey, session);
  const made = await journey.stripePost("/refunds", { payment_intent, ...(amount === undefined ? {} : { amount }) });
  expect(made.object).toBe("refund");
}

/** The cardholder's bank takes the payment back. Answers the dispute's id. */
export async function disputeAtStripe(journey: Journey, session: PaidSession): Promise<string> {
  const { id } = await chargeOf(journey, session);
  return (await journey.control("POST", "disputes", { charge: id })).body.id;
}

/** The bank has decided. */
export function decideDispute(journey: Journey, dispute: string, status: "won" | "lost") {
  return journey.control("POST", "disputes", { dispute, status });
}
