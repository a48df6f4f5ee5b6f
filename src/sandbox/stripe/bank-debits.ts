import type Stripe from "stripe";
import type { DebitType } from "./debit-types";
import type { TestMethod } from "./test-methods";

/** The debit of each currency. Stripe also has `acss_debit`, whose mandate needs options that nobody here sends. */
const debitsByCurrency: Readonly<Record<string, DebitType>> = {
  eur: "sepa_debit",
  gbp: "bacs_debit",
  aud: "au_becs_debit",
  usd: "us_bank_account",
};

/** Returns the debits that can pay in this currency. */
export function debitsIn(currency: string): DebitType[] {
  const type = debitsByCurrency[currency];
  return type === undefined ? [] : [type];
}

export function isDebit(type: string): type is DebitType {
  return Object.values(debitsByCurrency).some((debit) => debit === type);
}

/** Describes the account as a PaymentMethod does. */
export function bankAccountOf({ country, fingerprint, last4 }: TestMethod, type: DebitType) {
  switch (type) {
    case "sepa_debit":
      return {
        sepa_debit: { bank_code: "19043", branch_code: "", country, fingerprint, generated_from: null, last4 },
      } satisfies Partial<Stripe.PaymentMethod>;
    case "bacs_debit":
      return { bacs_debit: { fingerprint, last4, sort_code: "108800" } } satisfies Partial<Stripe.PaymentMethod>;
    case "au_becs_debit":
      return { au_becs_debit: { bsb_number: "000000", fingerprint, last4 } } satisfies Partial<Stripe.PaymentMethod>;
    case "us_bank_account":
      return {
        us_bank_account: {
          account_holder_type: "individual",
          account_type: "checking",
          bank_name: "STRIPE TEST BANK",
          financial_connections_account: null,
          fingerprint,
          last4,
          networks: { preferred: "ach", supported: ["ach"] },
          routing_number: "110000000",
          status_details: null,
        },
      } satisfies Partial<Stripe.PaymentMethod>;
  }
}

/** Describes the debit as a charge does. */
export function debitOf(
  { country, fingerprint, last4 }: TestMethod,
  type: DebitType,
  mandate: string | null,
): Stripe.Charge.PaymentMethodDetails {
  switch (type) {
    case "sepa_debit":
      return { type, sepa_debit: { bank_code: "19043", branch_code: "", country, fingerprint, last4, mandate } };
    case "bacs_debit":
      return { type, bacs_debit: { fingerprint, last4, mandate, sort_code: "108800" } };
    case "au_becs_debit":
      return { type, au_becs_debit: { bsb_number: "000000", fingerprint, last4, ...(mandate && { mandate }) } };
    case "us_bank_account":
      return {
        type,
        us_bank_account: {
          account_holder_type: "individual",
          account_type: "checking",
          bank_name: "STRIPE TEST BANK",
          fingerprint,
          last4,
          ...(mandate && { mandate }),
          payment_reference: null,
          routing_number: "110000000",
        },
      };
  }
}
