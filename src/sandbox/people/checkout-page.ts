import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { answerAuthentication, type Entry, type Step, submitCheckout } from "../stripe/checkout";
import { lineItemsOf } from "../stripe/sessions";

export interface RecentSession {
  id: string;
  url: string;
  currency: string;
  totalMinor: number;
  status: string;
  paymentStatus: string;
  createdAtSeconds: number;
}

export interface SessionFacts {
  sessionId: string;
  currency: string;
  totalMinor: number;
  status: string;
  paymentStatus: string;
  /** The e-mail that the application gave, and that of the receipt. */
  customerEmail: string | null;
  receiptEmail: string | null;
  /** The methods to choose from. */
  methods: string[];
  cancelUrl: string | null;
  successUrl: string;
  lineItems: { name: string; description: string | null; quantity: number; amountMinor: number }[];
}

/** The fields as somebody has typed them, but for the security code. */
export interface Entered {
  email: string;
  method: string;
  cardNumber: string;
  expiry: string;
  iban: string;
  name: string;
}

/** The content of a session's page, or the address to go to. */
export type CheckoutPage =
  | { show: "missing" }
  | { show: "form"; session: SessionFacts; entered: Entered; decline: { code: string; message: string } | null }
  | { show: "authentication"; session: SessionFacts; last4: string }
  | { show: "closed"; session: SessionFacts }
  | { show: "redirect"; url: string };

/** Shows the page of a session. */
export function look(world: World, sessionId: string): CheckoutPage {
  const found = findSession(world, sessionId);
  if (found === null) {
    return { show: "missing" };
  }
  const session = factsOf(world, found.account, found.session);
  return session.status === "open"
    ? { show: "form", session, entered: enteredIn({}), decline: null }
    : { show: "closed", session };
}

/** Handles one of the page's forms. */
export function submit(world: World, sessionId: string, form: Record<string, string>): CheckoutPage {
  const found = findSession(world, sessionId);
  if (found === null) {
    return { show: "missing" };
  }
  // A refusal at the bank comes back to the form that led there.
  const { entry } = world.objects.hidden(sessionId) as { entry?: Entry };
  const entered = enteredIn(form.authentication === undefined ? form : { ...entry });
  const step = stepOf(world, found.account, found.session, form);
  const session = factsOf(world, found.account, found.session);
  switch (step.to) {
    case "success":
      return { show: "redirect", url: step.url };
    case "authentication":
      return { show: "authentication", session, last4: step.last4 };
    case "declined": {
      const { code, declineCode, message } = step.decline;
      const shown =
        code === "incorrect_number" && entered.method === "sepa_debit" ? "incorrect_iban" : (declineCode ?? code);
      return { show: "form", session, entered, decline: { code: shown, message } };
    }
    case "closed":
      return { show: "closed", session };
  }
}

function stepOf(world: World, account: string, session: Stripe.Checkout.Session, form: Record<string, string>): Step {
  const answer = form.authentication;
  if (answer === "approve" || answer === "fail") {
    return answerAuthentication(world, account, session, answer);
  }
  const { method, cardNumber, iban, expiry, name, email } = enteredIn(form);
  const number =
    method === "sepa_debit" ? { cardNumber: iban, expiry: "", cvc: "" } : { cardNumber, expiry, cvc: form.cvc ?? "" };
  return submitCheckout(world, account, session, { ...number, name, email });
}

function enteredIn({
  email = "",
  method = "card",
  cardNumber = "",
  expiry = "",
  iban = "",
  name = "",
}: Record<string, string>): Entered {
  return { email, method, cardNumber, expiry, iban, name };
}

/** Lists the newest sessions of the platform, for the start page. */
export function recent(world: World): RecentSession[] {
  const paging = { limit: 10, startingAfter: null, endingBefore: null };
  return world.objects.page("checkout.session", PLATFORM, {}, {}, paging).data.map((session) => ({
    id: session.id,
    url: `${world.origin()}/sandbox/checkout/${session.id}`,
    currency: session.currency ?? "",
    totalMinor: session.amount_total ?? 0,
    status: session.status ?? "",
    paymentStatus: session.payment_status,
    createdAtSeconds: session.created,
  }));
}

function findSession(world: World, id: string): { account: string; session: Stripe.Checkout.Session } | null {
  const account = world.objects.ownerOf(id);
  const session = account === null ? null : world.objects.find("checkout.session", account, id);
  return account === null || session === null ? null : { account, session };
}

function factsOf(world: World, account: string, session: Stripe.Checkout.Session): SessionFacts {
  return {
    sessionId: session.id,
    currency: session.currency ?? "",
    totalMinor: session.amount_total ?? 0,
    status: session.status ?? "",
    paymentStatus: session.payment_status,
    customerEmail: session.customer_email,
    receiptEmail: session.customer_details?.email ?? session.customer_email,
    methods: session.payment_method_types,
    cancelUrl: session.cancel_url,
    successUrl: (session.success_url ?? "").replaceAll("{CHECKOUT_SESSION_ID}", session.id),
    lineItems: lineItemsOf(world, account, session.id).map((item) => ({
      name: item.description ?? "",
      description: item.price?.nickname ?? null,
      quantity: item.quantity ?? 1,
      amountMinor: item.amount_total,
    })),
  };
}
