import type { ErrorEntry } from "./entry";

/** The codes of the offers contract alone. */
export const codesOfOffers = {
  // The caller.
  credentials_wrong: {
    means: "No user has this e-mail and this password.",
    next: "Ask the person to type them again.",
  },
  user_suspended: {
    means: "An operator keeps this user out.",
    next: "Let the person ask the operator.",
  },
  password_wrong: {
    means: "The present password was not the one that was sent.",
    next: "Ask the person to type it again.",
  },
  reauthentication_required: {
    means:
      "Another e-mail or password, and a deletion, want the present password, or a login of the last fifteen minutes.",
    next: "Send currentPassword, or let the person log in again.",
  },
  money_underway: {
    means: "The user cannot be deleted yet: something that `waiting` names is not settled.",
    next: "Let what waits be finished, testimony by testimony, and ask again.",
  },
  password_guessable: {
    means: "The password is one that many people have, or the user's own e-mail.",
    next: "Ask the person to choose another password.",
  },
  reset_refused: {
    means: "No user has this e-mail and this link, or the link was used, replaced, or is older than fifteen minutes.",
    next: "Ask for another link, and use the one of the newest mail.",
  },
  link_invalid: {
    means: "The link is not one of ours, was replaced by a newer one, or is older than fifteen minutes.",
    next: "Ask for another link, and use the one of the newest mail.",
  },
  email_verified: {
    means: "The link was used already: the e-mail is verified.",
    next: "Nothing has to be done.",
  },
  already_authenticated: {
    means: "Somebody who is logged in cannot register.",
    next: "Send the registration without a token.",
  },
  turnstile_required: {
    means: "This deployment asks Turnstile whether a person registers or logs in, and the request has no token of it.",
    next: "Show Turnstile on the page, and send its token as turnstileToken.",
  },
  turnstile_failed: {
    means: "Turnstile does not confirm that a person sent the request.",
    next: "Let the person solve Turnstile again, because each of its tokens is good for one request.",
  },
  // The object that the request names.
  user_session_unknown: {
    means: "The user has no such session, or it has ended.",
    next: "List the sessions, and use an id from there.",
  },
  testimony_unknown: {
    means: "There is no such testimony.",
    next: "Compare the id with the one that was answered when the testimony was made.",
  },
  offer_unknown: {
    means: "There is no such offer.",
    next: "List the testimony's offers, and use an id from there.",
  },
  region_foreign: {
    means: "The testimony is in a region where the expert does not work.",
    next: "Add the region to the expert's profile first.",
  },
  // Values that must be unique.
  email_taken: {
    means: "A user with this e-mail exists.",
    next: "Log in, or register with another e-mail.",
  },
  phone_taken: {
    means: "Another user has paid with this phone, or, at a checkout, it is the one of the own profile.",
    next: "Use another phone.",
  },
  offer_exists: {
    means: "The expert has a live offer for this testimony already.",
    next: "Withdraw the earlier offer before making another.",
  },
  // The offer's price.
  price_refused: {
    means: "Stripe could not charge the price, with the commission added.",
    next: "Offer a price within the limit that the answer names.",
  },
  validity_refused: {
    means: "The offer would end in the past, or in more than a year.",
    next: "Send a moment within the next 365 days.",
  },
  offer_expired: {
    means: "The time of the offer is over, and no payment page is opened for it any more.",
    next: "Choose another offer, or ask the expert for a new one.",
  },
  // The session at accept.
  session_unknown: {
    means: "The session is not known, or not the caller's.",
    next: "Send the id of the session that the caller's own checkout opened.",
  },
  session_used: {
    means: "Another offer was accepted with this session's payment.",
    next: "Read the testimony again.",
  },
  session_expired: {
    means: "The payment page was closed before anybody paid.",
    next: "Start the checkout again.",
  },
  session_mismatch: {
    means: "What was paid is not what the checkout had asked for.",
    next: "Do not repeat it; the operator has been told, and the money is returned.",
  },
  payment_incomplete: {
    means: "Nobody has paid on the page yet.",
    next: "Accept again after the client has paid.",
    retryable: true,
  },
  payment_processing: {
    means: "The payment is on its way, as a bank debit is for days.",
    next: "Accept again later, or wait for the notification.",
    retryable: true,
  },
  payment_failed: {
    means: "The payment failed.",
    next: "Start the checkout again, and let the client pay in another way.",
  },
  payment_returned: {
    means: "The payment was refunded, or its holder disputes it.",
    next: "Start the checkout again if the client still wants the offer.",
  },
  offer_unavailable: {
    means: "The offer was withdrawn, or another one was accepted.",
    next: "List the offers again.",
  },
  // Stripe's verdict on the expert's payout account.
  payout_account_refused: {
    means: "Stripe does not open a payout account with these details.",
    next: "Correct the expert's profile by what the answer says, then open the account again.",
  },
  // The object's state.
  payment_in_progress: {
    means: "A payment for the offer may still arrive.",
    next: "Wait until it has ended, then send the same request again.",
    retryable: true,
  },
  amount_exceeds_charge: {
    means: "The amount is above what is owed, or above what the charge still holds.",
    next: "Refund at most what the timeline shows as left.",
  },
} as const satisfies Record<string, ErrorEntry>;
