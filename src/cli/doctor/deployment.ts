import { askStripe } from "./ask-stripe.ts";
import type { Finding } from "./finding.ts";
import { checkStatus } from "./settings.ts";
import { type Account, checkAccount, checkConnect, checkPayouts, saysNoToAll } from "./stripe-account.ts";
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
  const account = await askStripe<Account>(stripe, "/v1/account");
  const isLive = /_live_/.test(vars.STRIPE_SECRET_KEY ?? "");
  const first = [
    checkStatus(baseUrl, await statusOf(baseUrl, "/api/v1/status")),
    ...checkAccount(worker, account, isLive),
  ];
  if (saysNoToAll(account)) return first;
  return [
    ...first,
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
