/**
 * Countries in which a platform in the European Economic Area can open connected accounts: Stripe's list for accounts
 * with its own onboarding, as of August 2026. https://docs.stripe.com/connect/accounts
 */
const openable = codes(`
  AE AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GI GR HK HR HU IE IT JP LI LT LU LV MT MX NL NO NZ PL PT RO SE SG
  SI SK TH US
`);

/**
 * Countries to which such a platform can send money: the EEA, the United Kingdom, Switzerland, Canada and the United
 * States, as of September 2026. https://docs.stripe.com/connect/cross-border-payouts
 */
const payable = codes(`
  AT BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK US
`);

/** Tells whether a connected account that takes payments can be opened in a country, given by its ISO 3166-1 code. */
export function canOpenIn(country: string): boolean {
  return openable.has(country);
}

/** Tells whether a connected account can be opened in a country and the platform's transfers can reach it. */
export function canPayIn(country: string): boolean {
  return openable.has(country) && payable.has(country);
}

function codes(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Z]{2}/g));
}
