import { askStripe } from "../doctor/ask-stripe.ts";
import { type BalanceSettings, checkPayouts } from "../doctor/stripe-account.ts";
import { loadWorker } from "../doctor/worker.ts";
import { Refused } from "./refused.ts";

/**
 * Refuses a deployment whose PAYOUT_RELEASE makes experts wait while Stripe pays the platform's balance, their shares
 * included, out to its bank. Stripe is asked only where that setting is given. Changes nothing.
 */
export async function refuseAutomaticPayouts(
  settings: Record<string, string>,
  origin = "https://api.stripe.com",
): Promise<void> {
  const { PAYOUT_RELEASE: release = "accepted", STRIPE_SECRET_KEY: key } = settings;
  if (release === "accepted") return;
  if (key === undefined) {
    throw new Refused(
      `PAYOUT_RELEASE=${release} needs manual payouts at Stripe, which cannot be looked up: give STRIPE_SECRET_KEY beside it.`,
    );
  }
  const { stripeApiVersion: version } = await loadWorker();
  const asked = await askStripe<BalanceSettings>({ origin, key, version }, "/v1/balance_settings");
  const wrong = checkPayouts(asked, release).filter(({ state }) => state === "wrong");
  if (wrong.length > 0) throw new Refused(...wrong.flatMap(({ what, todo = "" }) => [what, `  ${todo}`]));
}
