import type { ErrorEntry } from "./entry";

/** The codes of the payments contract alone. */
export const codesOfPayments = {
  // The caller.
  app_missing: {
    means: "The header X-App-ID is missing.",
    next: "Send the id of the app.",
  },
  user_missing: {
    means: "The header X-User-ID is missing.",
    next: "Send the id of the shopper, which creating the app's user answered.",
  },
  // The object that the request names.
  developer_unknown: { means: "There is no such developer.", next: "List the developers, and use an id from there." },
  token_unknown: { means: "The developer has no such token.", next: "View the developer, and use an id from there." },
  app_unknown: { means: "The developer has no such app.", next: "List the apps, and use an id from there." },
  account_foreign: {
    means: "The connected account is not known, or another developer's.",
    next: "List the connected accounts, and use an id from there.",
  },
  order_unknown: { means: "The app has no such order.", next: "Compare the id with the one that was sent." },
  payment_unknown: {
    means: "There is no such transaction, or it is not the caller's.",
    next: "List the transactions, and use an id from there.",
  },
  refund_unknown: { means: "There is no such refund.", next: "Use the id that refunding answered." },
  dispute_unknown: { means: "There is no such dispute.", next: "List the disputes, and use an id from there." },
  method_unknown: {
    means: "The shopper has no such payment method.",
    next: "List the shopper's payment methods, and use an id from there.",
  },
  // Values that must be unique.
  developer_exists: {
    means: "A developer with this e-mail exists.",
    next: "Find the developer in the list, and issue another token.",
  },
  tokens_full: {
    means: "Twenty tokens of the developer are live.",
    next: "End one that is not needed, and ask again.",
  },
  user_exists: {
    means: "The app has a user with this external_id.",
    next: "Use that user's id, which its creation answered.",
  },
  account_exists: {
    means: "The developer has an account with this e-mail.",
    next: "Find the account in the list.",
  },
  // The order's terms, and the amounts of the request.
  terms_missing: {
    means: "Nobody has said for which account and amount the order is.",
    next: "Name account_id and amount in the request, or put the order first.",
  },
  terms_differ: {
    means: "The request says other terms than the order.",
    next: "Leave the members that the answer names out, or put another order.",
  },
  order_cancelled: { means: "The order is cancelled.", next: "Use another order." },
  payment_exists: {
    means: "The order has a transaction that is paid or can still be.",
    next: "Go on with that transaction, or cancel it first.",
  },
  amount_refused: {
    means: "The amount cannot be charged: it is too small, too large, or below its fee.",
    next: "Read the limit in the answer, and send another amount.",
  },
  currency_refused: {
    means: "The currency cannot be charged on this account.",
    next: "Use a currency that the account takes.",
  },
  // The state of a payment or an account.
  account_gone: {
    means: "The account is gone at Stripe, or its holder took our access away.",
    next: "Open another account, and name that one.",
  },
  payment_uncertain: {
    means: "What became of the last call to Stripe about this payment is not known yet.",
    next: "Wait for as many seconds as Retry-After says, then send the same request again under the same key.",
    retryable: true,
  },
  authorization_expired: {
    means: "The money was not captured in time, and is the shopper's again.",
    next: "Start another payment for the order.",
  },
  amount_exceeds_authorization: {
    means: "The amount is above what was authorised.",
    next: "Capture at most what was authorised.",
  },
  nothing_refundable: {
    means: "The order has no transaction of which anything can be refunded.",
    next: "View the order to see what was paid and what was refunded.",
  },
  amount_exceeds_refundable: {
    means: "The amount is above what can still be refunded.",
    next: "Refund at most what is left of the transaction.",
  },
  onboarding_incomplete: {
    means: "The account's holder has not told Stripe everything yet.",
    next: "Create an onboarding link, and let the holder finish.",
  },
  account_in_use: {
    means: "Money or payments of the account are still open.",
    next: "Settle what the answer names, then delete the account.",
  },
  // Stripe's verdict on the shopper's payment method.
  card_declined: {
    means: "The card's bank declined the payment.",
    next: "Show decline_code's reason to the shopper, and ask for another way to pay.",
  },
  method_gone: {
    means: "The payment method is gone at Stripe.",
    next: "Ask the shopper for another one.",
  },
  mandate_required: {
    means: "The bank account may be debited only after its holder has allowed it.",
    next: "Say in mandate_data how the shopper accepted the mandate.",
  },
  method_refused: {
    means: "Stripe does not accept this payment method.",
    next: "Read Stripe's reason in the answer, and ask the shopper for another one.",
  },
} as const satisfies Record<string, ErrorEntry>;
