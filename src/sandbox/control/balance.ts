import { emulatorOf } from "../emulator-of";
import type { SandboxEnv } from "../env";
import { PAYOUT_SCHEDULES } from "../stripe/automatic-payouts";
import { CONVERSION_MODES } from "../stripe/conversion";
import { OWN_LINES, type OwnLine } from "../stripe/own-line-types";
import { type Body, badRequest, integerOf, oneOf, textOf } from "./body";
import { printed } from "./printed";

const LARGEST_MINOR = 99_999_999;

/** Writes a line into a balance as Stripe itself does: its bills, reserves, corrections and top-ups. */
export async function controlBalance(env: SandboxEnv, body: Body): Promise<unknown> {
  const written = await emulatorOf(env).writeOwnLine({
    line: oneOf(body, "type", Object.keys(OWN_LINES) as OwnLine[]),
    amountMinor: integerOf(body, "amount", { smallest: -LARGEST_MINOR, largest: LARGEST_MINOR }),
    currency: body.currency === undefined ? "eur" : textOf(body, "currency"),
    ageSeconds: integerOf(body, "ageSeconds", { smallest: 0, largest: 86_400 * 30, otherwise: 0 }),
    account: body.account === undefined ? "" : textOf(body, "account"),
  });
  return printed(written);
}

/**
 * Sets whether money in another currency than an account's own is converted; `rates` give the value of a unit in euros.
 */
export async function controlConversion(env: SandboxEnv, body: Body): Promise<unknown> {
  const mode = oneOf(body, "mode", CONVERSION_MODES);
  const given = Object.entries(body.rates ?? {});
  if (given.some(([, rate]) => typeof rate !== "number" || rate <= 0))
    throw badRequest("rates must be positive numbers.");
  const rates = Object.fromEntries(given) as Record<string, number>;
  await emulatorOf(env).setConversion(mode, rates);
  return { mode, rates };
}

/** Pays out all that an `account` has available, or sets the platform's payout schedule. */
export async function controlPayouts(env: SandboxEnv, body: Body): Promise<unknown> {
  if (body.schedule !== undefined) {
    const schedule = oneOf(body, "schedule", PAYOUT_SCHEDULES);
    await emulatorOf(env).setPayoutSchedule(schedule);
    return { schedule };
  }
  const payouts = printed(await emulatorOf(env).payOutAll(textOf(body, "account")));
  await emulatorOf(env).deliver();
  return { payouts };
}
