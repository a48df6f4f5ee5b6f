import { invalid } from "./refusal";

/*
 * The amounts of https://docs.stripe.com/currencies: the currencies that can be charged, minimum, maximum and step.
 * Where Stripe says nothing, the sandbox assumes what is worse for its caller: a part of a charge, a fee and a refund
 * must keep the step, too, and half a unit of two decimals is the minimum of a currency whose minimum depends on
 * conversion.
 */

const CHARGED = new Set(
  `aed afn all amd ang aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc
  cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes
  kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr
  nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try
  ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw`.split(/\s+/),
);

const SMALLEST_MINOR: Readonly<Record<string, number>> = {
  aed: 200,
  czk: 1500,
  dkk: 250,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  mxn: 1000,
  myr: 200,
  nok: 300,
  pln: 200,
  ron: 200,
  sek: 300,
  thb: 1000,
};

const LARGEST_MINOR: Readonly<Record<string, number>> = {
  cop: 9_999_999_999,
  idr: 999_999_999_999,
  inr: 999_999_999,
};

/**
 * Currencies with three decimals of which the last is 0, and currencies without decimals that Stripe counts in
 * hundredths.
 */
const STEP_MINOR: Readonly<Record<string, number>> = {
  bhd: 10,
  jod: 10,
  kwd: 10,
  omr: 10,
  tnd: 10,
  isk: 100,
  ugx: 100,
};

/** Currencies that are paid out in whole units only, although they are charged in hundredths. */
const PAID_OUT_WHOLE = new Set(["huf", "isk", "twd", "ugx"]);

export function isCharged(currency: string): boolean {
  return CHARGED.has(currency);
}

export function smallestMinor(currency: string): number {
  return SMALLEST_MINOR[currency] ?? 50;
}

/** Refuses an amount that is too large, or that the currency cannot carry. */
export function refuseUncarried(amountMinor: number, currency: string, name: string): void {
  if (amountMinor > (LARGEST_MINOR[currency] ?? 99_999_999)) {
    throw invalid(name, "Amount must be no more than 999,999.99", "amount_too_large");
  }
  refuseBetweenSteps(amountMinor, currency, name);
}

/** Refuses a part of a charge that the currency cannot carry. */
export function refuseBetweenSteps(amountMinor: number, currency: string, name: string): void {
  const step = STEP_MINOR[currency] ?? 1;
  if (amountMinor % step !== 0) {
    throw invalid(
      name,
      `Invalid amount: ${amountMinor} ${currency} must be evenly divisible by ${step}.`,
      "parameter_invalid_integer",
    );
  }
}

export function refuseFractionOfPayout(amountMinor: number, currency: string): void {
  if (PAID_OUT_WHOLE.has(currency) && amountMinor % 100 !== 0) {
    throw invalid("amount", `Payouts in ${currency} must be evenly divisible by 100.`, "parameter_invalid_integer");
  }
  refuseBetweenSteps(amountMinor, currency, "amount");
}
