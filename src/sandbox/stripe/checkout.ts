import type Stripe from "stripe";
import type { World } from "../core/world";
import { newPaymentIntent } from "./new-payment-intent";
import { NO_BILLING, newPaymentMethod } from "./new-payment-method";
import { type Authentication, decidePayment, pay } from "./pay";
import { customerDetails, type IntentData, type Payer } from "./sessions";
import { type Decline, testMethod } from "./test-methods";
import { instrumentOf } from "./usable-method";

/** The input of a person on the payment page. All but the number may be empty. */
export interface Entry {
  cardNumber: string;
  expiry: string;
  cvc: string;
  name: string;
  email: string;
}

/** The next step of a person who pays. */
export type Step =
  | { to: "success"; url: string }
  | { to: "authentication"; last4: string }
  | { to: "declined"; decline: Decline }
  | { to: "closed" };

/** The input is stored while the bank asks the cardholder. */
interface Hidden extends Record<string, unknown> {
  intent: IntentData;
  entry?: Entry;
}

/** Handles "Pay" on the page of a session. */
export function submitCheckout(world: World, account: string, session: Stripe.Checkout.Session, entry: Entry): Step {
  const wrongEntry = entryDecline(entry, world.now());
  if (session.status !== "open") {
    return closedStep(session);
  }
  if (wrongEntry) {
    return { to: "declined", decline: wrongEntry };
  }
  return attempt(world, account, session, entry, "not_asked");
}

/** Handles the cardholder's answer to the bank. */
export function answerAuthentication(
  world: World,
  account: string,
  session: Stripe.Checkout.Session,
  answer: "approve" | "fail",
): Step {
  const { entry } = hiddenOf(world, session);
  if (session.status !== "open") {
    return closedStep(session);
  }
  if (!entry) {
    return {
      to: "declined",
      decline: { code: "processing_error", declineCode: null, message: "Nothing waits for authentication." },
    };
  }
  return attempt(world, account, session, entry, answer);
}

/** Returns the step for a session that is not open: a double click on "Pay" leads where the first click did. */
function closedStep(session: Stripe.Checkout.Session): Step {
  return session.status === "complete" ? { to: "success", url: successUrl(session) } : { to: "closed" };
}

function attempt(
  world: World,
  account: string,
  session: Stripe.Checkout.Session,
  entry: Entry,
  authentication: Authentication,
): Step {
  const method = testMethod(entry.cardNumber);
  const payer: Payer = { name: entry.name || null, email: session.customer_email ?? (entry.email || null) };
  const intentId =
    session.payment_intent === null ? startIntent(world, account, session) : String(session.payment_intent);
  const paymentMethod = newPaymentMethod(world, account, method, { billing_details: { ...NO_BILLING, ...payer } });
  const outcome = pay(world, account, intentId, instrumentOf(world, paymentMethod), authentication);
  const hidden = hiddenOf(world, session);
  if (outcome.result === "requires_action") {
    world.objects.setHidden(session.id, { ...hidden, entry });
    return { to: "authentication", last4: method.last4 };
  }
  if (outcome.result === "declined") {
    world.objects.setHidden(session.id, { intent: hidden.intent });
    return { to: "declined", decline: outcome.decline };
  }
  complete(world, account, session, payer, outcome.result === "succeeded");
  return { to: "success", url: successUrl(session) };
}

/** Makes the session's PaymentIntent, which does not exist until somebody tries to pay. */
function startIntent(world: World, account: string, session: Stripe.Checkout.Session): string {
  const { intent: given } = hiddenOf(world, session);
  const intent = newPaymentIntent(world, account, {
    ...given,
    payment_method_types: session.payment_method_types,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "eur",
  });
  world.change("checkout.session", account, session.id, { payment_intent: intent.id });
  return intent.id;
}

function complete(
  world: World,
  account: string,
  session: Stripe.Checkout.Session,
  payer: Payer,
  isPaid: boolean,
): void {
  const { object } = world.change("checkout.session", account, session.id, {
    status: "complete",
    payment_status: isPaid ? "paid" : "unpaid",
    customer_details: customerDetails(payer),
    url: null,
  });
  world.emit("checkout.session.completed", object, { account });
}

/** Decides a session's payment by a delayed method. */
export function decideDelayedPayment(world: World, intentId: string): void {
  const account = world.objects.ownerOf(intentId) ?? "";
  const result = decidePayment(world, account, intentId);
  const session = world.objects.all("checkout.session", account, { payment_intent: intentId })[0];
  if (!session) {
    return;
  }
  if (result === "failed") {
    world.emit("checkout.session.async_payment_failed", session, { account });
    return;
  }
  const { object } = world.change("checkout.session", account, session.id, { payment_status: "paid" });
  world.emit("checkout.session.async_payment_succeeded", object, { account });
}

function hiddenOf(world: World, session: Stripe.Checkout.Session): Hidden {
  return world.objects.hidden(session.id) as Hidden;
}

function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? "").replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

/** Finds mistakes of the input that the page itself reports before Stripe is asked. */
function entryDecline(entry: Entry, nowSeconds: number): Decline | null {
  if (entry.email !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(entry.email)) {
    return { code: "email_invalid", declineCode: null, message: "Your email address is incomplete." };
  }
  if (entry.cvc !== "" && !/^\d{3,4}$/.test(entry.cvc)) {
    return { code: "invalid_cvc", declineCode: null, message: "Your card's security code is invalid." };
  }
  if (entry.expiry === "") {
    return null;
  }
  const [, month, year] = /^\s*(\d{1,2})\s*\/?\s*(?:20)?(\d{2})\s*$/.exec(entry.expiry) ?? [];
  const end = Date.UTC(2000 + Number(year), Number(month), 1) / 1000;
  if (month === undefined || Number(month) < 1 || Number(month) > 12) {
    return { code: "invalid_expiry_month", declineCode: null, message: "Your card's expiration date is invalid." };
  }
  return end <= nowSeconds
    ? { code: "invalid_expiry_year", declineCode: null, message: "Your card's expiration date is in the past." }
    : null;
}
