/**
 * The content of the sandbox's pages, as plain data. Amounts are integers in the currency's minor unit; times are Unix
 * seconds; URLs are absolute. Every string may come from anybody: the pages escape.
 *
 * The forms' fields, which are posted to the page's own URL:
 * - checkout: `email`, `method` (`card` or `sepa_debit`), `cardNumber` (also an IBAN, spaces allowed), `expiry`
 *   (`MM / YY`), `cvc`, `iban` (taken for `cardNumber` with the method `sepa_debit`), `name`; all but the number may be
 *   empty;
 * - authentication: `authentication` = `approve` | `fail`;
 * - onboarding: `complete` = `yes`;
 * - mailed links: `password` and `passwordConfirmation` to reset a password, nothing to verify an e-mail;
 * - inbox, to its `/settings`: `mode`, or `secrets` separated by spaces.
 */

interface PageView {
  /** Given if the answer has {@link contentSecurityPolicy} with the same nonce. */
  readonly nonce?: string;
}

export interface LineItemView {
  readonly name: string;
  readonly description: string | null;
  readonly quantity: number;
  /** The amount of the whole line, not of one piece. */
  readonly amountMinor: number;
}

export interface CheckoutView extends PageView {
  readonly sessionId: string;
  readonly merchantName: string;
  readonly lineItems: readonly LineItemView[];
  /** A currency of ISO 4217, in either case. */
  readonly currency: string;
  readonly totalMinor: number;
  readonly customerEmail: string | null;
  /** Null if the session has none; then no way back is offered. */
  readonly cancelUrl: string | null;
  /** Stripe's decline code, or else its error code, of the attempt just made; an unknown one gets a general text. */
  readonly declineCode: string | null;
  /** The methods to choose from, under Stripe's names: `card`, `sepa_debit`. */
  readonly methods: readonly string[];
  /** The fields as typed before the decline, so that nobody types them again. A security code is not kept. */
  readonly entered: Entered;
}

export interface Entered {
  readonly email: string;
  readonly method: string;
  readonly cardNumber: string;
  readonly expiry: string;
  readonly iban: string;
  readonly name: string;
}

export interface AuthenticationView extends PageView {
  readonly merchantName: string;
  readonly currency: string;
  readonly totalMinor: number;
  /** The goods that are paid for; empty if Stripe was not told. */
  readonly lineItems: readonly LineItemView[];
  /** The last four digits of the card. */
  readonly last4: string;
  readonly cancelUrl: string | null;
}

export interface OnboardingView extends PageView {
  readonly platformName: string;
  readonly accountId: string;
  readonly email: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The capabilities under Stripe's names: `transfers`, `card_payments`. */
  readonly capabilities: readonly string[];
  readonly returnUrl: string | null;
  readonly state: "open" | "completed" | "expired";
  /** The address that replaces an expired link by a new one. */
  readonly refreshUrl: string | null;
}

export interface SuccessView extends PageView {
  /** The origin without a slash at its end: `http://localhost:8787`. */
  readonly origin: string;
  /** The id in the query, unchecked; null if it is missing. */
  readonly sessionId: string | null;
  /** The session at Stripe; null if Stripe does not know it. */
  readonly session: ReturnedSession | null;
  /** The address of the checkout page, while its session is open. */
  readonly checkoutUrl: string | null;
}

interface ReturnedSession {
  readonly status: string;
  readonly paymentStatus: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lineItems: readonly LineItemView[];
  /** Where the receipt goes; null if nobody has said. */
  readonly receiptEmail: string | null;
}

export interface CancelView extends PageView {
  /** The session at Stripe; null if Stripe does not know it. */
  readonly session: ReturnedSession | null;
  /** The address of the checkout page, while its session is open. */
  readonly checkoutUrl: string | null;
}

export interface RecentSessionView {
  readonly id: string;
  readonly url: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly status: string;
  readonly paymentStatus: string;
  readonly createdAtSeconds: number;
}

export interface StartView extends PageView {
  /** The origin without a slash at its end: `http://localhost:8787`. */
  readonly origin: string;
  /** The newest first; empty if there are none. */
  readonly recentSessions: readonly RecentSessionView[];
}

export interface ReceivedView {
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The mode in which it was answered. */
  readonly mode: InboxView["mode"];
  readonly verdict: "verified" | "unsigned" | "no_secret" | "stale" | "wrong";
}

export interface InboxView extends PageView {
  readonly origin: string;
  /** Letters, digits, `_` and `-`. */
  readonly box: string;
  readonly mode: "ok" | "fail" | "throttle" | "gone" | "redirect" | "hang" | "hold" | "flood";
  readonly secrets: readonly string[];
  /** The number of messages; `received` may contain fewer, newest first. */
  readonly count: number;
  readonly received: readonly ReceivedView[];
}

export interface InboxListView extends PageView {
  readonly origin: string;
  readonly boxes: readonly { readonly name: string; readonly count: number; readonly mode: string }[];
}

export interface MailView {
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailsView extends PageView {
  /** The newest first. */
  readonly mails: readonly MailView[];
}

export interface MailedLinkView extends PageView {
  readonly kind: "reset-password" | "verify-email";
  /** The application's answer; null before the form was sent. */
  readonly answer: { readonly ok: boolean; readonly message: string } | null;
}

export type MessageKind = "session_expired" | "already_paid" | "not_found" | "approved" | "refused";

export interface MessageView extends PageView {
  readonly kind: MessageKind;
  /** The link to continue; null leads to the start page. */
  readonly link: { readonly label: string; readonly url: string } | null;
}
