import { askStripe } from "./ask-stripe.ts";
import type { Finding } from "./finding.ts";
import { checkStatus } from "./settings.ts";
import { checkAccount, checkConnect, checkPayouts } from "./stripe-account.ts";
import { checkEndpoints } from "./webhook-endpoints.ts";
import type { Worker } from "./worker.ts";

/** Checks what can be seen of a deployment from outside: whether it answers, and Stripe's account behind it. */
export async function checkDeployment(
  worker: Worker,
  baseUrl: string,
  vars: Record<string, string>,
  stripeOrigin: string,
): Promise<Finding[]> {
  const stripe = { origin: stripeOrigin, key: vars.STRIPE_SECRET_KEY, version: worker.stripeApiVersion };
  return [
    checkStatus(baseUrl, await statusOf(baseUrl, "/api/v1/status")),
    ...checkAccount(worker, await askStripe(stripe, "/v1/account")),
    ...checkConnect(await askStripe(stripe, "/v1/accounts?limit=10")),
    ...checkPayouts(await askStripe(stripe, "/v1/balance_settings"), vars.PAYOUT_RELEASE),
    ...checkEndpoints(worker, `${baseUrl}/api/v1/webhooks`, await askStripe(stripe, "/v1/webhook_endpoints?limit=100")),
  ];
}

/** Returns the status with which a path is answered; null if nothing answers. */
export async function statusOf(baseUrl: string, path: string): Promise<number | null> {
  const response = await fetch(baseUrl + path).catch(() => null);
  return response?.status ?? null;
}
