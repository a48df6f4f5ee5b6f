/** The effect of an operator's change in a sentence, by its operation. */
export const effects: Readonly<Record<string, string>> = {
  "close-attention": "It counts as looked at, and leaves the list. No money moves.",
  "close-stripe-event": "It counts as looked at and is not processed.",
  "recover-deliveries-of-any":
    "Every delivery of the time that failed is sent once more. How many these are is shown before.",
  "refund-payment-of-any": "The shopper gets the money back from the seller's account.",
  "refund-testimony": "The client gets back what was paid, and the expert's payout is taken back.",
  "release-payout": "The payout is sent to the expert, although money of its payment is gone or its date has not come.",
  "replay-stripe-event": "It is processed once more.",
  "resend-delivery-of-any": "The endpoint is sent the same event once more, and the attempt is added to those before.",
  "retry-payout": "Stripe is asked once more to pay the expert. It is paid once, however often it is asked.",
  "retry-stripe-call": "Stripe is asked again now, under the same key, so that the call happens once.",
  "retry-webhook-of-any": "The application is told once more.",
  "settle-day-of-all": "The day is counted again. A currency that is settled already stays as it is.",
  "settle-stripe-call":
    "The call counts as ended in this way, and is not sent again. What Stripe knows stands above it.",
};
