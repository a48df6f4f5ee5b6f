/**
 * Where a platform in the European Economic Area can open connected accounts at Stripe: its list of countries for
 * accounts with Stripe's own onboarding, as of August 2026. https://docs.stripe.com/connect/accounts
 */
const openable = codes(`
  AE AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GI GR HK HR HU IE IT JP LI LT LU LV MT MX NL NO NZ PL PT RO SE SG
  SI SK TH US
`);

/**
 * Where such a platform can send money to: the EEA, the United Kingdom, Switzerland, Canada and the United States, as of
 * September 2026. https://docs.stripe.com/connect/cross-border-payouts
 */
const payable = codes(`
  AT BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK US
`);

/** Whether an account for payments on it can be opened in a country, by its ISO 3166-1 code. */
export function canOpenIn(country: string): boolean {
  return openable.has(country);
}

/** Whether an account can be opened there, and the platform's transfers reach it. */
export function canPayIn(country: string): boolean {
  return openable.has(country) && payable.has(country);
}

function codes(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Z]{2}/g));
}
