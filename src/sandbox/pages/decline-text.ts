interface DeclineText {
  readonly happened: string;
  readonly advice: string;
  /** The form field to correct, if the decline is about one. */
  readonly field?: "email" | "cardNumber" | "expiry" | "cvc" | "iban";
}

const ANOTHER_CARD = "You have not been charged. Try another card.";

const TEXTS = new Map<string, DeclineText>(
  Object.entries({
    insufficient_funds: {
      happened: "Your card has insufficient funds.",
      advice: "You have not been charged. Try another card, or add funds and try again.",
      field: "cardNumber",
    },
    expired_card: {
      happened: "Your card has expired.",
      advice: "You have not been charged. Check the expiry date, or try another card.",
      field: "expiry",
    },
    incorrect_cvc: {
      happened: "Your card’s security code is incorrect.",
      advice: "You have not been charged. Check the three digits on the back of the card and try again.",
      field: "cvc",
    },
    incorrect_number: {
      happened: "This is not a card number we know.",
      advice: "You have not been charged. Check the number, or choose a test card below.",
      field: "cardNumber",
    },
    incorrect_iban: {
      happened: "This is not an IBAN we know.",
      advice: "You have not been charged. Check it, or choose a test IBAN below.",
      field: "iban",
    },
    email_invalid: {
      happened: "This e-mail address is incomplete.",
      advice: "You have not been charged. Check the address: the receipt goes there.",
      field: "email",
    },
    authentication_failed: {
      happened: "Your bank could not confirm that it is you.",
      advice: "You have not been charged. Try again, or use another card.",
    },
    processing_error: {
      happened: "The card could not be processed just now.",
      advice: "You have not been charged. Wait a moment and try again.",
    },
  }),
);

/** Other codes that Stripe uses for the same problem. */
const SAME_AS = new Map(
  Object.entries({
    invalid_cvc: "incorrect_cvc",
    invalid_number: "incorrect_number",
    invalid_expiry_month: "expired_card",
    invalid_expiry_year: "expired_card",
    authentication_required: "authentication_failed",
    authentication_not_handled: "authentication_failed",
    payment_intent_authentication_failure: "authentication_failed",
  }),
);

const GENERAL: DeclineText = { happened: "Your card was declined.", advice: ANOTHER_CARD, field: "cardNumber" };

/** Explains a decline to the person who pays, with what to do about it. Takes Stripe's decline or error code. */
export function declineText(code: string): DeclineText {
  return TEXTS.get(SAME_AS.get(code) ?? code) ?? GENERAL;
}
