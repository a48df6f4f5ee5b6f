import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { ChargeMoney } from "../domain/offers/charge";
import { moneyOf } from "./charge-facts";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { findInList, type PageRequest, type Sought } from "./read-list";

/**
 * The content of a hosted checkout page. It is stored on our row before the call, so that a repeat sends the same
 * bytes.
 */
export interface SessionOrder {
  checkoutId: string;
  testimonyId: string;
  offerId: string;
  clientId: string;
  currency: string;
  /** Absent in a call that was written down before pages were opened with an e-mail. */
  customerEmail?: string;
  lines: { name: string; description: string; amountMinor: number }[];
  successUrl: string;
  cancelUrl: string;
  expiresAtSeconds: number;
}

/** The facts about a session on which our decisions depend, as Stripe reports them. */
export interface SessionFacts {
  id: string;
  url: string | null;
  status: "open" | "complete" | "expired" | "unknown";
  /** `failed` means that a delayed payment method did not pay, and never will. */
  payment: "paid" | "unpaid" | "failed";
  mode: string;
  currency: string | null;
  totalMinor: number | null;
  metadata: Record<string, string>;
  expiresAtMs: number;
  successUrl: string | null;
  paymentIntentId: string | null;
  charge: {
    id: string;
    fee: { minor: number; currency: string } | null;
    /** Whether a dispute exists; its state is in the list of disputes. */
    disputed: boolean;
    money: ChargeMoney;
  } | null;
}

const withCharge = { expand: ["payment_intent.latest_charge.balance_transaction"] };

/** Creates the hosted page. `key` is derived from the pending call's row. */
export async function createSession(
  stripe: StripeGateway,
  order: SessionOrder,
  key: string,
): Promise<StripeOutcome<SessionFacts>> {
  const metadata = {
    testimony_id: order.testimonyId,
    offer_id: order.offerId,
    checkout_id: order.checkoutId,
    client_id: order.clientId,
  };
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: "payment",
    client_reference_id: order.checkoutId,
    metadata,
    ...(order.customerEmail === undefined ? {} : { customer_email: order.customerEmail }),
    // With asynchronous capture the charge would show its fee later, and the expert's payout would wait for it.
    // https://docs.stripe.com/payments/payment-intents/asynchronous-capture
    payment_intent_data: { capture_method: "automatic", metadata, transfer_group: order.testimonyId },
    line_items: order.lines.map((line) => ({
      quantity: 1,
      price_data: {
        currency: order.currency,
        unit_amount: line.amountMinor,
        product_data: { name: line.name, description: line.description },
      },
    })),
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
    expires_at: order.expiresAtSeconds,
  };
  return facts(
    await stripe.call("checkout.session", (sdk) => sdk.checkout.sessions.create(params, { idempotencyKey: key })),
  );
}

/** Reads a session with its payment, charge and fee in one call. */
export async function retrieveSession(stripe: StripeGateway, id: string): Promise<StripeOutcome<SessionFacts>> {
  return facts(await stripe.call("checkout.session", (sdk) => sdk.checkout.sessions.retrieve(id, withCharge)));
}

/**
 * Expires a session, so that nobody can pay it. Stripe refuses (`invalid_request`) if it is complete or expired
 * already.
 */
export async function expireSession(
  stripe: StripeGateway,
  id: string,
  key: string,
): Promise<StripeOutcome<SessionFacts>> {
  return facts(
    await stripe.call("checkout.session", (sdk) => sdk.checkout.sessions.expire(id, {}, { idempotencyKey: key })),
  );
}

/** Looks for the session of a checkout whose creation has an unknown outcome. */
export async function findSession(
  stripe: StripeGateway,
  checkoutId: string,
  start: ListPosition,
): Promise<Sought<SessionFacts>> {
  const request: PageRequest<Stripe.Checkout.Session> = (sdk, page) => sdk.checkout.sessions.list(page);
  const sought = await findInList(stripe, request, start, ({ metadata }) => metadata?.checkout_id === checkoutId);
  return { ...sought, found: sought.found && factsOf(sought.found) };
}

/** Lists the sessions that a PaymentIntent belongs to: one, if any. */
export async function listSessionIds(stripe: StripeGateway, paymentIntentId: string): Promise<StripeOutcome<string[]>> {
  const listed = await stripe.list<Stripe.Checkout.Session>((sdk, page) =>
    sdk.checkout.sessions.list({ ...page, payment_intent: paymentIntentId }),
  );
  return listed.ok ? { ok: true, value: listed.value.map(({ id }) => id) } : listed;
}

function facts(outcome: StripeOutcome<Stripe.Checkout.Session>): StripeOutcome<SessionFacts> {
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}

function factsOf(session: Stripe.Checkout.Session): SessionFacts {
  const intent = typeof session.payment_intent === "object" ? session.payment_intent : null;
  return {
    id: session.id,
    url: session.url,
    status: knownStatus(session.status),
    payment: paymentOf(session, intent),
    mode: session.mode,
    currency: session.currency,
    totalMinor: session.amount_total,
    metadata: session.metadata ?? {},
    expiresAtMs: session.expires_at * 1000,
    successUrl: session.success_url,
    paymentIntentId: intent?.id ?? (typeof session.payment_intent === "string" ? session.payment_intent : null),
    charge: chargeOf(intent),
  };
}

/** Maps a status. The list is open: one that we do not know decides nothing. */
function knownStatus(status: string | null): SessionFacts["status"] {
  return status === "open" || status === "complete" || status === "expired" ? status : "unknown";
}

/**
 * Derives the payment's state from `payment_status`, not from the event's name. A complete session whose intent needs
 * another method has failed.
 */
function paymentOf(session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | null): SessionFacts["payment"] {
  if (session.payment_status === "paid") return "paid";
  const ended = intent?.status === "requires_payment_method" || intent?.status === "canceled";
  return session.status === "complete" && ended ? "failed" : "unpaid";
}

/** We have not moved any of a new charge's money yet. */
const nothingOfOurs = { refunds: [], disputes: [], transfers: [], refundIds: new Set<string>(), payoutId: undefined };

function chargeOf(intent: Stripe.PaymentIntent | null): SessionFacts["charge"] {
  const charge = intent?.latest_charge;
  if (!charge || typeof charge === "string") return null;
  const known = { id: charge.id, disputed: charge.disputed, money: moneyOf(charge, nothingOfOurs) };
  const balance = charge.balance_transaction;
  // Stripe may settle a moment after it confirms: then the fee is asked for later.
  if (!balance || typeof balance === "string") return { ...known, fee: null };
  return { ...known, fee: { minor: balance.fee, currency: balance.currency } };
}
