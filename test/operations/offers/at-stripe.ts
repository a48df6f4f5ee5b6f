import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { emulatorOf } from "../../../src/sandbox/emulator-of";
import type { Journey, PaidSession } from "../../journey";
import { hundred } from "../books";

/** Makes an offer of 100.00 that is paid and not confirmed. */
export async function paidHundred(
  journey: Journey,
  { onboarded = true, card }: { onboarded?: boolean; card?: string } = {},
): Promise<PaidSession> {
  const expert = await journey.registerExpert();
  if (onboarded) await journey.onboard(expert);
  await journey.advance(0);
  return journey.paidOffer({ price: hundred.price, expert, onboarded: false, ...(card ? { card } : {}) });
}

/** Returns the charge of a testimony. */
export async function chargeOf(journey: Journey, { testimonyId }: PaidSession) {
  const { data } = await journey.stripe(`/charges?transfer_group=${testimonyId}`);
  return data[0] as { id: string; payment_intent: string };
}

/** Refunds a payment out-of-band, as in Stripe's dashboard. */
export async function refundAtStripe(journey: Journey, session: PaidSession, amount?: number): Promise<void> {
  const { payment_intent } = await chargeOf(journey, session);
  const made = await journey.stripePost("/refunds", { payment_intent, ...(amount === undefined ? {} : { amount }) });
  expect(made.object).toBe("refund");
}

/** Disputes the payment. Returns the dispute's id. */
export async function disputeAtStripe(journey: Journey, session: PaidSession): Promise<string> {
  const { id } = await chargeOf(journey, session);
  return (await journey.control("POST", "disputes", { charge: id })).body.id;
}

/** Decides a dispute as the bank. */
export function decideDispute(journey: Journey, dispute: string, status: "won" | "lost") {
  return journey.control("POST", "disputes", { dispute, status });
}

/** Returns the transfer of a testimony's payout. */
export async function transferOf(journey: Journey, { testimonyId }: PaidSession) {
  const [transfer] = (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data;
  return transfer as { id: string; destination: string };
}

/** Pays the expert's money out to the bank, so that a reversal cannot reach it. */
export async function emptyAccountOf(journey: Journey, session: PaidSession): Promise<void> {
  await journey.advance(3 * 24 * 60 * 60);
  const { destination } = await transferOf(journey, session);
  await journey.control("POST", "payouts", { account: destination });
}

/** Makes the charge settle in another currency, so that nothing can be transferred out of it. */
export async function settlesInDollars(journey: Journey, session: PaidSession): Promise<void> {
  const { id } = await chargeOf(journey, session);
  await runInDurableObject(emulatorOf(env), (_, { storage }) =>
    storage.sql.exec(
      `update objects set body = json_set(body, '$.currency', 'usd')
       where kind = 'balance_transaction' and json_extract(body, '$.source') = ?`,
      id,
    ),
  );
}

/** Puts money into an expert's emptied account, and takes a part of the transfer back out-of-band. */
export async function takenBackAfterAll(journey: Journey, session: PaidSession, amount = 4_000): Promise<void> {
  const { id, destination } = await transferOf(journey, session);
  await journey.control("POST", "balance", { type: "topup", amount: 10 * amount });
  expect((await journey.stripePost("/transfers", { amount, currency: "eur", destination })).object).toBe("transfer");
  expect((await journey.stripePost(`/transfers/${id}/reversals`, { amount })).object).toBe("transfer_reversal");
  for (const seconds of [1, 120]) await journey.advance(seconds);
}
