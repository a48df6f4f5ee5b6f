import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";

export const CONVERSION_MODES = ["off", "on"] as const;
/**
 * Whether money that comes in another currency than an account's own is converted, as Stripe does with direct charges and
 * the platform's fees of them: https://docs.stripe.com/connect/currencies. Without it every account holds any currency, as
 * one with a bank account in each would.
 */
export type ConversionMode = (typeof CONVERSION_MODES)[number];

/** How many euros one unit of a currency is worth; the control interface moves them, as the days do. */
const EUROS: Readonly<Record<string, number>> = { eur: 1, usd: 0.9, gbp: 1.15, chf: 1.05, czk: 0.04, jpy: 0.006 };

const ZERO_DECIMALS = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "));
const THREE_DECIMALS = new Set("bhd jod kwd omr tnd".split(" "));

export function setConversion(world: World, mode: ConversionMode, rates: Record<string, number>): void {
  world.settings.set("conversion", JSON.stringify({ mode, rates }));
}

/** An amount of one currency as it arrives on an account. */
export interface Conversion {
  currency: string;
  /** Null where nothing is converted. */
  rate: number | null;
  of: (amountMinor: number) => number;
}

/** How money of a currency arrives on an account: in the account's own, at the rate of this moment. */
export function conversionOn(world: World, account: string, from: string): Conversion {
  const { mode, rates } = JSON.parse(world.settings.get("conversion") ?? '{"mode":"off","rates":{}}') as {
    mode: ConversionMode;
    rates: Record<string, number>;
  };
  const own = account === PLATFORM ? "eur" : world.objects.find("account", PLATFORM, account)?.default_currency;
  if (mode === "off" || !own || own === from) return { currency: from, rate: null, of: (amountMinor) => amountMinor };
  const eurosFor = (currency: string) => rates[currency] ?? EUROS[currency] ?? 0.5;
  const rate = eurosFor(from) / eurosFor(own);
  const shift = 10 ** (decimalsOf(own) - decimalsOf(from));
  return { currency: own, rate, of: (amountMinor) => Math.round(amountMinor * rate * shift) };
}

function decimalsOf(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}
