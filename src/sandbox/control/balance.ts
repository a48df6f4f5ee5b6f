import { emulatorOf } from "../emulator-of";
import type { SandboxEnv } from "../env";
import { PAYOUT_SCHEDULES } from "../stripe/automatic-payouts";
import { CONVERSION_MODES } from "../stripe/conversion";
import { OWN_LINES, type OwnLine } from "../stripe/own-lines";
import { type Body, badRequest, integerOf, oneOf, textOf } from "./body";
import { printed } from "./printed";

const LARGEST_MINOR = 99_999_999;

/** A line that Stripe writes into a balance by itself: its bills, reserves, corrections and top-ups. */
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

/** Converts what comes in another currency than an account's own; `rates` say how many euros a unit is worth. */
export async function controlConversion(env: SandboxEnv, body: Body): Promise<unknown> {
  const mode = oneOf(body, "mode", CONVERSION_MODES);
  const given = Object.entries(body.rates ?? {});
  if (given.some(([, rate]) => typeof rate !== "number" || rate <= 0))
    throw badRequest("rates must be positive numbers.");
  const rates = Object.fromEntries(given) as Record<string, number>;
  await emulatorOf(env).setConversion(mode, rates);
  return { mode, rates };
}

/** Pays out now all that an `account` has available, or says how the platform is paid out from now on. */
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
