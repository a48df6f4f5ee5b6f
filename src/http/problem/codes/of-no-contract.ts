import type { ErrorEntry } from "./entry";

/** The codes of what belongs to no contract: webhook endpoints, the operator's commands, Stripe's events, the service. */
export const codesOfNoContract = {
  user_unknown: { means: "There is no such user.", next: "List the users, and use an id from there." },
  // Webhook endpoints.
  endpoint_unknown: {
    means: "The caller has no such webhook endpoint.",
    next: "List the endpoints, and use an id from there.",
  },
  delivery_unknown: {
    means: "The caller has no such delivery.",
    next: "List the deliveries, and use an id from there.",
  },
  event_unknown: { means: "There is no such event.", next: "Compare the id with that of the event." },
  event_erased: { means: "The event's data was erased.", next: "Nothing is left that could be sent." },
  event_shared: {
    means: "The event is another party's, too, so one of them cannot erase it.",
    next: "Ask the operator.",
  },
  secrets_full: {
    means: "Five secrets of the endpoint sign already.",
    next: "Wait until one ends, or end them all with an overlap of 0 hours.",
    retryable: true,
  },
  target_not_a_url: { means: "The address is no URL.", next: "Send a whole address, with https://." },
  target_scheme_forbidden: {
    means: "The address does not begin with https://.",
    next: "Send an address with https://.",
  },
  target_credentials_forbidden: {
    means: "The address contains a user name or a password.",
    next: "Leave them out: each webhook is signed.",
  },
  target_port_forbidden: {
    means: "The address names a port, and only that of https is used.",
    next: "Leave the port out.",
  },
  target_address_literal_forbidden: {
    means: "The address has an IP address in place of a name.",
    next: "Send an address with a public host name.",
  },
  target_name_forbidden: {
    means: "The host name is none of the public internet.",
    next: "Send an address with a public host name.",
  },
  webhooks_not_set_up: {
    means: "This deployment has no key for signing secrets.",
    next: "Set WEBHOOK_SEALING_KEYS, or ask the operator to.",
  },
  token_expired: {
    means: "The application's token has expired.",
    next: "Get another token, and send the request again.",
  },
  application_inactive: {
    means: "The application is not admitted yet, or was deactivated.",
    next: "Ask the operator to admit it.",
  },
  // The operator's commands.
  application_unknown: {
    means: "There is no such application.",
    next: "List the applications, and use an id from there.",
  },
  debit_limit_exceeded: {
    means: "A wallet of the application would be below its new debit limit.",
    next: "Choose a limit that the wallets keep, or wait until they hold more.",
    retryable: true,
  },
  transfer_unknown: {
    means: "There is no such transfer.",
    next: "Compare the reference with that of the transaction.",
  },
  id_unknown: {
    means: "Nothing that is known here has this id.",
    next: "Compare the id with the one in the log, in Stripe's dashboard, or in the list.",
  },
  call_unknown: {
    means: "There is no such open call to Stripe.",
    next: "View what needs attention, and use an id from there.",
  },
  webhook_not_failed: {
    means: "The message was delivered, or is still tried.",
    next: "Look at it again: nothing has to be done.",
  },
  day_not_over: {
    means: "The day is not over in UTC, so entries may still fall into it.",
    next: "Settle it after midnight UTC.",
    retryable: true,
  },
  opening_refused: {
    means: "The books cannot be opened with this balance.",
    next: "Read why in the answer, and send a balance that adds up.",
  },
  object_mismatch: {
    means: "The object at Stripe is not what the call asked for.",
    next: "Read the difference in the answer, and name the right object.",
  },
  too_early: {
    means: "Stripe may still make the call by itself.",
    next: "Settle the call after the time that the answer names.",
    retryable: true,
  },
  refunded_since: {
    means: "Something was refunded, or a refund has failed, since you looked.",
    next: "Look at the object again, decide by what is refunded now, and send that as `refundedMinor`.",
  },
  // Stripe's events, and the service.
  signature_invalid: {
    means: "No signature of Stripe's fits the body.",
    next: "Compare STRIPE_WEBHOOK_SECRETS with the secret of the endpoint at Stripe.",
  },
  event_malformed: {
    means: "The body is signed by Stripe, and is no event.",
    next: "Look at the event in Stripe's dashboard.",
  },
  livemode_wrong: {
    means: "An event of live mode reached a deployment with a test key.",
    next: "Let the endpoint of that mode lead to the deployment with the key of that mode.",
  },
  database_unavailable: {
    means: "The database does not answer.",
    next: "Wait for as many seconds as Retry-After says; the operator is told by the monitor.",
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
