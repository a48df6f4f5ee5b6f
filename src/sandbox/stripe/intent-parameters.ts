import { refuseBetweenSteps, refuseUncarried, smallestMinor } from "../core/currency-rules";
import { PLATFORM } from "../core/objects";
import type { Parameters } from "../core/parameters";
import { invalid, refused } from "../core/refusal";

/** Reads the amount of a payment, within Stripe's limits for its currency. */
export function amountIn(parameters: Parameters, currency: string, name = "amount"): number {
  const amount = parameters.requiredAmount(name);
  const smallest = smallestMinor(currency);
  if (amount < smallest) {
    throw invalid(name, `Amount must be at least ${inWords(smallest, currency)}`, "amount_too_small");
  }
  refuseUncarried(amount, currency, name);
  return amount;
}

/** Prints `$0.50 usd`. */
export function inWords(minor: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return `${format.format(minor / 10 ** digits)} ${currency}`;
}

/** Reads the platform's fee of a direct charge, which is at most the whole; null if none was given. */
export function applicationFee(
  parameters: Parameters,
  account: string,
  amountMinor: number,
  currency: string,
): number | null {
  if (!parameters.has("application_fee_amount")) {
    return null;
  }
  const fee = parameters.requiredAmount("application_fee_amount");
  if (account === PLATFORM) {
    throw refused(
      undefined,
      "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).",
      "application_fee_amount",
    );
  }
  refuseLargeFee(fee, amountMinor);
  refuseBetweenSteps(fee, currency, "application_fee_amount");
  return fee;
}

export function refuseLargeFee(feeMinor: number, amountMinor: number): void {
  if (feeMinor > amountMinor) {
    throw refused(
      undefined,
      `The application fee (${feeMinor}) cannot be greater than the amount of the charge (${amountMinor}).`,
      "application_fee_amount",
    );
  }
}

/**
 * Parameters for which Stripe would do more than the sandbox can. They are refused, because ignoring them would
 * mislead.
 */
const UNSPOKEN = [
  "confirmation_token",
  "hooks",
  "mandate",
  "on_behalf_of",
  "payment_method_configuration",
  "transfer_data",
];

export function refuseUnspoken(parameters: Parameters): void {
  const found = UNSPOKEN.find((name) => parameters.has(name));
  if (found !== undefined) {
    throw invalid(found, `The sandbox does not speak ${found}.`);
  }
}
