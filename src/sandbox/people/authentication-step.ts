import type Stripe from "stripe";
import type { World } from "../core/world";
import { answerAuthentication } from "../stripe/confirm-payment-intent";
import { rememberedMethod } from "../stripe/new-payment-method";
import { answerSetup } from "../stripe/setup-intents";

/** The content of the bank's page, or the address to go to after the answer. */
export type AuthenticationStep =
  | { show: "missing" }
  | { show: "question"; currency: string; totalMinor: number; lineItems: LineItem[]; last4: string; cancelUrl: null }
  | { show: "answered"; isApproved: boolean; link: { label: string; url: string } }
  | { show: "redirect"; url: string };

interface LineItem {
  name: string;
  description: null;
  quantity: 1;
  amountMinor: number;
}

interface Asked {
  account: string;
  intent: Stripe.PaymentIntent | Stripe.SetupIntent;
  returnUrl: string | null;
}

const REFUSED = ["requires_payment_method", "canceled"];

/** Shows the page of a PaymentIntent or SetupIntent. */
export function look(world: World, id: string): AuthenticationStep {
  const asked = findAsked(world, id);
  if (asked === null) {
    return { show: "missing" };
  }
  const { intent, returnUrl } = asked;
  if (intent.status !== "requires_action") {
    const link =
      returnUrl === null
        ? { label: "See what happened, in the console", url: `/console/objects/${id}` }
        : { label: "Continue", url: wayBack(world, asked) };
    return { show: "answered", isApproved: !REFUSED.includes(intent.status), link };
  }
  const isPayment = intent.object === "payment_intent";
  return {
    show: "question",
    currency: isPayment ? intent.currency : "eur",
    totalMinor: isPayment ? intent.amount : 0,
    lineItems:
      isPayment && intent.description !== null
        ? [{ name: intent.description, description: null, quantity: 1, amountMinor: intent.amount }]
        : [],
    last4: rememberedMethod(world, String(intent.payment_method)).method.last4,
    cancelUrl: null,
  };
}

/** Takes the cardholder's approval or refusal. A second answer changes nothing and leads to the same place. */
export function submit(world: World, id: string, form: Record<string, string>): AuthenticationStep {
  const asked = findAsked(world, id);
  const answer = form.authentication;
  if (asked === null || (answer !== "approve" && answer !== "fail")) {
    return look(world, id);
  }
  if (asked.intent.object === "payment_intent") {
    answerAuthentication(world, asked.account, id, answer);
  } else {
    answerSetup(world, asked.account, id, answer);
  }
  return asked.returnUrl === null ? look(world, id) : { show: "redirect", url: wayBack(world, asked) };
}

/** Finds the pending question. Payments of a session are left out, because the checkout page asks its own question. */
function findAsked(world: World, id: string): Asked | null {
  const account = world.objects.ownerOf(id);
  if (account === null) {
    return null;
  }
  const intent = world.objects.find("payment_intent", account, id) ?? world.objects.find("setup_intent", account, id);
  if (intent === null || world.objects.all("checkout.session", account, { payment_intent: id }).length > 0) {
    return null;
  }
  return { account, intent, returnUrl: (world.objects.hidden(id).returnUrl as string | null | undefined) ?? null };
}

/** Returns the return URL with the parameters that Stripe adds. */
function wayBack(world: World, { account, intent, returnUrl }: Asked): string {
  const { object, id, client_secret } = intent;
  const now = world.objects.get(object, account, id);
  const url = new URL(returnUrl ?? world.origin());
  url.searchParams.set(object, id);
  url.searchParams.set(`${object}_client_secret`, client_secret ?? "");
  url.searchParams.set("redirect_status", now.status === "requires_payment_method" ? "failed" : "succeeded");
  return url.href;
}
