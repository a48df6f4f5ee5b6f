import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { post } from "./balance-transactions";

/** Computes Stripe's fee for European cards: 1.5 % and 25 cents. */
export function processingFeeMinor(amountMinor: number): number {
  return Math.round((amountMinor * 15) / 1000) + 25;
}

/**
 * Tells whether Stripe takes its fees out of the account's own money: `controller.fees.payer`. The platform pays its
 * own.
 */
export function paysOwnFees(world: World, account: string): boolean {
  return (
    account === PLATFORM ||
    world.objects.find("account", PLATFORM, account)?.controller?.fees?.payer.startsWith("application") !== true
  );
}

/** Bills the platform for an account that does not pay its own fees. No charge of the platform's contains this fee. */
export function billPlatform(world: World, feeMinor: number, currency: string, description: string): void {
  post(world, PLATFORM, {
    type: "stripe_fee",
    category: "fee",
    amountMinor: -feeMinor,
    currency,
    source: null,
    description,
  });
}
