import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { payOut } from "./payouts";

export const PAYOUT_SCHEDULES = ["manual", "daily"] as const;
/**
 * The schedule of the platform's payouts to its bank. Stripe's default is daily; the sandbox begins with `manual`, as a
 * platform with separate transfers should: https://docs.stripe.com/connect/separate-charges-and-transfers
 */
export type PayoutSchedule = (typeof PAYOUT_SCHEDULES)[number];

const DAY_SECONDS = 24 * 60 * 60;

export function setPayoutSchedule(world: World, schedule: PayoutSchedule): void {
  const before = payoutSchedule(world);
  world.settings.set("payout_schedule", schedule);
  if (schedule === "daily" && before === "manual") payOutDaily(world);
}

export function payoutSchedule(world: World): PayoutSchedule {
  return world.settings.get("payout_schedule") === "daily" ? "daily" : "manual";
}

/** Pays out all that is available in each currency, at once and every day after. */
export function payOutDaily(world: World): void {
  if (payoutSchedule(world) !== "daily") return;
  world.due.add(world.now() + DAY_SECONDS, "pay_out_daily", PLATFORM);
  payOutAll(world, PLATFORM, { isAutomatic: true });
}

/** Pays out all that an account has available. */
export function payOutAll(world: World, account: string, { isAutomatic }: { isAutomatic: boolean }) {
  return world.balances
    .of(account)
    .filter((money) => money.available > 0)
    .map((money) => payOut(world, account, money.available, money.currency, { isAutomatic }));
}
