/** What a refund of a payment does after it was asked for. */
export const REFUND_PLANS = [
  "succeed",
  "succeed_then_fail",
  "pending_then_fail",
  "pending_then_succeed",
  "fail",
] as const;
export type RefundPlan = (typeof REFUND_PLANS)[number];

export interface Decline {
  code: string;
  declineCode: string | null;
  message: string;
}

/** A payment method as a test number stands for it: https://docs.stripe.com/testing */
export interface TestMethod {
  type: "card" | "sepa_debit";
  brand: string;
  last4: string;
  country: string;
  decline?: Decline;
  needsAuthentication?: boolean;
  /** Decided only later: complete, but unpaid until then. */
  delayed?: "succeeds" | "fails";
  disputed?: boolean;
  refunds?: RefundPlan;
  /** The money skips the pending balance. */
  availableAtOnce?: boolean;
}

const VISA = { type: "card", brand: "visa", country: "US" } as const;

const METHODS: Record<string, Omit<TestMethod, "last4">> = {
  "4242424242424242": VISA,
  "4000056655665556": VISA,
  "5555555555554444": { ...VISA, brand: "mastercard" },
  "378282246310005": { ...VISA, brand: "amex" },
  "4000002500003155": { ...VISA, needsAuthentication: true },
  "4000000000000077": { ...VISA, availableAtOnce: true },
  "4000000000000259": { ...VISA, disputed: true },
  "4000000000005126": { ...VISA, refunds: "succeed_then_fail" },
  "4000000000007726": { ...VISA, refunds: "pending_then_succeed" },
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
  AT611904300234573201: { type: "sepa_debit", brand: "sepa", country: "AT", delayed: "succeeds" },
  AT861904300235473202: { type: "sepa_debit", brand: "sepa", country: "AT", delayed: "fails" },
};

function declined(declineCode: string, message = "Your card was declined."): Decline {
  return { code: "card_declined", declineCode, message };
}

function wrong(code: string, message: string): Decline {
  return { code, declineCode: null, message };
}

/** Only published test numbers decide anything; a number of anybody's real card must never seem to work. */
const UNKNOWN_NUMBER = wrong(
  "incorrect_number",
  "Your card number is not one of Stripe's test numbers. Use 4242 4242 4242 4242 to pay; real cards never work here.",
);

/** The method behind a typed card number or IBAN, spaces and dashes ignored. An unknown one is declined. */
export function testMethod(typed: string): TestMethod {
  const number = typed.replace(/[\s-]/g, "").toUpperCase();
  const method = Object.hasOwn(METHODS, number) ? METHODS[number] : undefined;
  return { ...(method ?? { ...VISA, brand: "unknown", decline: UNKNOWN_NUMBER }), last4: number.slice(-4) };
}
