/**
 * The current codes of ISO 4217, funds and metals included, without the codes for tests and for no currency. A test
 * compares the list with the runtime's.
 */
const codes = `
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
  CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
  GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
  KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
  MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
  SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
  USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD
  XPF XPT XSU XUA YER ZAR ZMW ZWG
`;

/** Decimals by ISO 4217, where they are not two. Two are assumed for codes without a minor unit, such as gold. */
const decimals: Record<number, string> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

/*
 * The tables below follow https://docs.stripe.com/currencies, read in November 2026. Amounts are in the unit in which
 * Stripe counts, which for MGA (no decimals), ISK and UGX (two) is not that of ISO 4217.
 */

const notCharged =
  "BOV BTN CHE CHW CLF COU CUP ERN GHS IQD IRR KPW LYD MRU MXV SDG SSP STN SVC SYP TMT USN UYI UYW VED VES XAD XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XUA ZWG";

/**
 * Minimum charges. Stripe names none for other currencies: there the amount after conversion decides, and Stripe
 * refuses what is too small.
 */
const minimums: Record<number, string> = {
  30: "GBP",
  50: "ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR",
  200: "AED MYR PLN RON",
  250: "DKK",
  300: "NOK SEK",
  400: "HKD",
  1000: "MXN THB",
  1500: "CZK",
  17500: "HUF",
};

/** The number of digits that an amount may have with every payment method. Some cards allow more. */
const digitsMax: Record<number, string> = { 9: "INR", 10: "COP", 12: "IDR" };
const digitsMaxDefault = 8;

/** Amounts must be a multiple of these steps: the last of three decimals is 0, and krónur and shillings are whole. */
const steps: Record<number, string> = { 10: "BHD JOD KWD OMR TND", 100: "ISK UGX" };

/** The amounts that Stripe accepts in one charge, in minor units. */
export interface ChargeRange {
  minMinor: number;
  maxMinor: number;
  stepMinor: number;
}

/** A currency. All can be transferred; those with a range can be charged. */
export interface Currency {
  /** Decimals of its smallest unit. */
  decimals: number;
  charge?: ChargeRange;
}

/** All currencies by their code in capital letters. */
export const currencies: ReadonlyMap<string, Currency> = new Map(
  (codes.match(/[A-Z]{3}/g) ?? []).map((code): [string, Currency] => {
    const charge = notCharged.includes(code) ? {} : { charge: rangeOf(code) };
    return [code, { decimals: find(decimals, code) ?? 2, ...charge }];
  }),
);

/** The currency of a request that names none, and of every day's settlement. */
export const defaultCurrency = "NGN";

/**
 * Returns the range that Stripe charges in a currency, its code in any case. Returns undefined if Stripe charges
 * nothing in it.
 */
export function chargeRange(code: string): ChargeRange | undefined {
  return currencies.get(code.toUpperCase())?.charge;
}

function rangeOf(code: string): ChargeRange {
  const stepMinor = find(steps, code) ?? 1;
  const most = 10 ** (find(digitsMax, code) ?? digitsMaxDefault) - 1;
  return { minMinor: find(minimums, code) ?? stepMinor, maxMinor: most - (most % stepMinor), stepMinor };
}

/** Returns the number under which a table lists a code. */
function find(table: Record<number, string>, code: string): number | undefined {
  const found = Object.entries(table).find(([, list]) => list.includes(code));
  return found && Number(found[0]);
}
