/**
 * The countries in which Stripe opens accounts for the platform, which is Dutch, with each account's default currency.
 */
const CURRENCY_OF: Readonly<Record<string, string>> = {
  AE: "aed",
  AU: "aud",
  BR: "brl",
  CA: "cad",
  CH: "chf",
  CZ: "czk",
  DK: "dkk",
  GB: "gbp",
  GI: "gbp",
  HK: "hkd",
  HU: "huf",
  JP: "jpy",
  LI: "chf",
  MX: "mxn",
  NO: "nok",
  NZ: "nzd",
  PL: "pln",
  RO: "ron",
  SE: "sek",
  SG: "sgd",
  TH: "thb",
  US: "usd",
  ...Object.fromEntries(
    "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(" ").map((country) => [country, "eur"]),
  ),
};

/** Countries that a Dutch platform's transfers cannot reach: https://docs.stripe.com/connect/cross-border-payouts */
const OUT_OF_REACH = new Set(["AE", "AU", "BR", "GI", "HK", "JP", "MX", "NZ", "SG", "TH"]);

/** Returns the default currency of an account; undefined if Stripe opens none in the country. */
export function currencyIn(country: string): string | undefined {
  return CURRENCY_OF[country.toUpperCase()];
}

export function isWithinReach(country: string): boolean {
  return !OUT_OF_REACH.has(country.toUpperCase());
}
