import { type Finding, well, wrong } from "./finding.ts";
import type { Answer } from "./stripe-account.ts";
import type { Worker } from "./worker.ts";

export interface Endpoint {
  id: string;
  url: string;
  status: string;
  api_version: string | null;
  enabled_events: string[];
}

/**
 * Checks whether both endpoints are registered at Stripe: the platform's, and one for connected accounts. Stripe does
 * not show which is which, so each is recognised by events that only it has.
 * https://docs.stripe.com/api/webhook_endpoints/object
 */
export function checkEndpoints(worker: Worker, url: string, asked: Answer<{ data: Endpoint[] }>): Finding[] {
  if (!asked.ok) return [wrong(`The webhook endpoints cannot be seen: ${asked.message}`, "Let the key read them.")];
  const ours = asked.value.data.filter((one) => one.url === url);
  const platform = ours.find((one) => hears(one, "checkout.session.completed"));
  const connected = ours.find((one) => one !== platform && hears(one, "payment_intent.succeeded"));
  return [
    ...checkOne("The platform's webhook endpoint", platform, worker.platformTypes, { url, worker }),
    ...checkOne("The connected accounts' webhook endpoint", connected, worker.connectedTypes, { url, worker }),
  ];
}

function checkOne(
  name: string,
  endpoint: Endpoint | undefined,
  types: readonly string[],
  { url, worker: { stripeApiVersion } }: { url: string; worker: Worker },
): Finding[] {
  if (!endpoint) return [wrong(`${name} is missing: ${url}`, "Register it: src/guides/deploy.md, step 6.")];
  const missing = types.filter((type) => !hears(endpoint, type));
  const findings = [
    ...(endpoint.status === "enabled"
      ? []
      : [wrong(`${name} is ${endpoint.status}`, `Enable ${endpoint.id} at Stripe.`)]),
    ...(missing.length === 0
      ? []
      : [wrong(`${name} does not hear ${missing.join(", ")}`, `Add them to enabled_events of ${endpoint.id}.`)]),
    ...(endpoint.api_version === stripeApiVersion
      ? []
      : [
          wrong(
            `${name} is told in version ${endpoint.api_version ?? "of the account"}`,
            `Make a new one with api_version ${stripeApiVersion}: a version cannot be changed.`,
          ),
        ]),
  ];
  return findings.length > 0 ? findings : [well(`${name} hears ${types.length} types in version ${stripeApiVersion}.`)];
}

function hears({ enabled_events: events }: Endpoint, type: string): boolean {
  return events.includes("*") || events.includes(type);
}
