import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";

export const CONVERSION_MODES = ["off", "on"] as const;
/**
 * Whether money in another currency than an account's own is converted, as Stripe does with direct charges and the
 * platform's fees of them: https://docs.stripe.com/connect/currencies. With `off` every account holds any currency,
 * like one with a bank account in each.
 */
export type ConversionMode = (typeof CONVERSION_MODES)[number];

/** The value of one unit of a currency in euros; the control interface changes the rates. */
const EUROS: Readonly<Record<string, number>> = { eur: 1, usd: 0.9, gbp: 1.15, chf: 1.05, czk: 0.04, jpy: 0.006 };

const ZERO_DECIMALS = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "));
const THREE_DECIMALS = new Set("bhd jod kwd omr tnd".split(" "));

export function setConversion(world: World, mode: ConversionMode, rates: Record<string, number>): void {
  world.settings.set("conversion", JSON.stringify({ mode, rates }));
}

/** The conversion of a currency to that of an account. */
export interface Conversion {
  currency: string;
  /** Null if nothing is converted. */
  rate: number | null;
  of: (amountMinor: number) => number;
}

/** Returns how money of a currency is credited on an account: in the account's own currency, at the present rate. */
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
