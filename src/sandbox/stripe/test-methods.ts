import type { DebitType } from "./debit-types";

/** The ways in which a requested refund can go. */
export const REFUND_PLANS = [
  "succeed",
  "succeed_then_fail",
  "pending_then_fail",
  "pending_then_succeed",
  "fail",
  /** The balance does not cover it: nothing moves until the control interface ends it. */
  "pending_without_funds",
] as const;
export type RefundPlan = (typeof REFUND_PLANS)[number];

export interface Decline {
  code: string;
  declineCode: string | null;
  message: string;
}

/** The payment method that a test number stands for: https://docs.stripe.com/testing */
export interface TestMethod {
  type: "card" | DebitType;
  brand: string;
  last4: string;
  country: string;
  funding: "credit" | "debit" | "prepaid";
  /** The same value for the same number, on every account, so that a card can be recognised without its number. */
  fingerprint: string;
  decline?: Decline;
  /** A declining card cannot even be attached to a customer, unless it declines only charges. */
  declinesOnlyCharges?: boolean;
  /** When the bank asks the cardholder: at every payment, or until the card was set up for later use. */
  needsAuthentication?: "always" | "unless_set_up";
  /** Set if the method decides later: the payment is complete, but unpaid until then. */
  delayed?: "succeeds" | "fails";
  disputed?: boolean;
  refunds?: RefundPlan;
  /** Whether the money skips the pending balance. */
  availableAtOnce?: boolean;
}

const VISA = { type: "card", brand: "visa", country: "US", funding: "credit" } as const;
const SEPA = { type: "sepa_debit", brand: "sepa", country: "AT", funding: "debit" } as const;
const BACS = { type: "bacs_debit", brand: "bacs", country: "GB", funding: "debit" } as const;
const BECS = { type: "au_becs_debit", brand: "becs", country: "AU", funding: "debit" } as const;
const ACH = { type: "us_bank_account", brand: "ach", country: "US", funding: "debit" } as const;

const METHODS: Record<string, Omit<TestMethod, "last4" | "fingerprint">> = {
  "4242424242424242": VISA,
  "4000056655665556": { ...VISA, funding: "debit" },
  "5555555555554444": { ...VISA, brand: "mastercard" },
  "5200828282828210": { ...VISA, brand: "mastercard", funding: "debit" },
  "378282246310005": { ...VISA, brand: "amex" },
  "6011111111111117": { ...VISA, brand: "discover" },
  "4000002500003155": { ...VISA, needsAuthentication: "unless_set_up" },
  "4000002760003184": { ...VISA, needsAuthentication: "always" },
  "4000008260003178": {
    ...VISA,
    needsAuthentication: "always",
    decline: declined("insufficient_funds", "Your card has insufficient funds."),
  },
  "4000008400001629": { ...VISA, needsAuthentication: "always", decline: declined("generic_decline") },
  "4000000000000077": { ...VISA, availableAtOnce: true },
  "4000000000000259": { ...VISA, disputed: true },
  "4000000000005126": { ...VISA, refunds: "succeed_then_fail" },
  "4000000000007726": { ...VISA, refunds: "pending_then_succeed" },
  "4000000000000341": { ...VISA, decline: declined("generic_decline"), declinesOnlyCharges: true },
  "4000000000000002": { ...VISA, decline: declined("generic_decline") },
  "4000000000009995": { ...VISA, decline: declined("insufficient_funds", "Your card has insufficient funds.") },
  "4000000000009987": { ...VISA, decline: declined("lost_card") },
  "4000000000009979": { ...VISA, decline: declined("stolen_card") },
  "4000000000000069": { ...VISA, decline: wrong("expired_card", "Your card has expired.") },
  "4000000000000127": { ...VISA, decline: wrong("incorrect_cvc", "Your card's security code is incorrect.") },
  "4000000000000119": {
    ...VISA,
    decline: wrong("processing_error", "An error occurred while processing your card. Try again in a little bit."),
  },
  AT611904300234573201: { ...SEPA, delayed: "succeeds" },
  AT861904300235473202: { ...SEPA, delayed: "fails" },
  GB10880000012345: { ...BACS, delayed: "succeeds" },
  GB10880022222227: { ...BACS, delayed: "fails" },
  AU000000000123456: { ...BECS, delayed: "succeeds" },
  AU000000111111113: { ...BECS, delayed: "fails" },
  US110000000000123456789: { ...ACH, delayed: "succeeds" },
  US110000000000111111113: { ...ACH, delayed: "fails" },
};

/** Names that stand for a number in a request: https://docs.stripe.com/testing?testing-method=payment-methods */
const NUMBERS: Readonly<Record<string, string>> = {
  pm_card_visa: "4242424242424242",
  pm_card_visa_debit: "4000056655665556",
  pm_card_mastercard: "5555555555554444",
  pm_card_mastercard_debit: "5200828282828210",
  pm_card_amex: "378282246310005",
  pm_card_discover: "6011111111111117",
  pm_card_authenticationRequiredOnSetup: "4000002500003155",
  pm_card_authenticationRequired: "4000002760003184",
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: "4000008260003178",
  pm_card_threeDSecureRequiredChargeDeclined: "4000008400001629",
  pm_card_bypassPending: "4000000000000077",
  pm_card_createDispute: "4000000000000259",
  pm_card_refundFail: "4000000000005126",
  pm_card_pendingRefund: "4000000000007726",
  pm_card_chargeCustomerFail: "4000000000000341",
  pm_card_chargeDeclined: "4000000000000002",
  pm_card_visa_chargeDeclined: "4000000000000002",
  pm_card_chargeDeclinedInsufficientFunds: "4000000000009995",
  pm_card_visa_chargeDeclinedInsufficientFunds: "4000000000009995",
  pm_card_visa_chargeDeclinedLostCard: "4000000000009987",
  pm_card_visa_chargeDeclinedStolenCard: "4000000000009979",
  pm_card_chargeDeclinedExpiredCard: "4000000000000069",
  pm_card_chargeDeclinedIncorrectCvc: "4000000000000127",
  pm_card_chargeDeclinedProcessingError: "4000000000000119",
  pm_success_at: "AT611904300234573201",
  pm_failed_at: "AT861904300235473202",
  pm_bacsDebit_success: "GB10880000012345",
  pm_bacsDebit_insufficientFunds: "GB10880022222227",
  pm_auBecsDebit_success: "AU000000000123456",
  pm_auBecsDebit_accountClosed: "AU000000111111113",
  pm_usBankAccount_success: "US110000000000123456789",
  pm_usBankAccount_accountClosed: "US110000000000111111113",
};

/** Returns the method of a test value like `pm_card_visa` or `tok_visa`; null if it is none. */
export function namedMethod(name: string): TestMethod | null {
  const value = name.startsWith("tok_") ? `pm_card_${name.slice("tok_".length)}` : name;
  const number = Object.hasOwn(NUMBERS, value) ? NUMBERS[value] : undefined;
  return number === undefined ? null : testMethod(number);
}

function declined(declineCode: string, message = "Your card was declined."): Decline {
  return { code: "card_declined", declineCode, message };
}

function wrong(code: string, message: string): Decline {
  return { code, declineCode: null, message };
}

/** Only published test numbers work; the number of a real card must never seem to work. */
const UNKNOWN_NUMBER = wrong(
  "incorrect_number",
  "Your card number is not one of Stripe's test numbers. Use 4242 4242 4242 4242 to pay; real cards never work here.",
);

/** Returns the method of a typed card number or IBAN, spaces and dashes ignored. An unknown one is declined. */
export function testMethod(typed: string): TestMethod {
  const number = typed.replace(/[\s-]/g, "").toUpperCase();
  const method = Object.hasOwn(METHODS, number) ? METHODS[number] : undefined;
  const found = method ?? { ...VISA, brand: "unknown", decline: UNKNOWN_NUMBER };
  return { ...found, last4: number.slice(-4), fingerprint: fingerprintOf(number) };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Makes sixteen letters that depend on the number alone (FNV-1a). Test numbers are public, so no secret needs
 * protection.
 */
function fingerprintOf(number: string): string {
  let hash = 0x811c9dc5;
  return Array.from({ length: 16 }, (_, place) => {
    for (const sign of `${place}${number}`) {
      hash = Math.imul(hash ^ sign.charCodeAt(0), 0x01000193) >>> 0;
    }
    return LETTERS[hash % LETTERS.length] ?? "";
  }).join("");
}
