/** Where Stripe opens accounts of the platform's, with the currency that each has by default: the platform is Dutch. */
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

/** Outside of these a Dutch platform's transfers do not go: https://docs.stripe.com/connect/cross-border-payouts */
const OUT_OF_REACH = new Set(["AE", "AU", "BR", "GI", "HK", "JP", "MX", "NZ", "SG", "TH"]);

/** The default currency of an account; undefined where Stripe opens none. */
export function currencyIn(country: string): string | undefined {
  return CURRENCY_OF[country.toUpperCase()];
}

export function isWithinReach(country: string): boolean {
  return !OUT_OF_REACH.has(country.toUpperCase());
}
