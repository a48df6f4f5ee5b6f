/** Who takes a step. `stripe`: in Stripe's dashboard; `platform`: in Cloudflare's. */
export const stepTakers = [
  "operator",
  "developer",
  "expert",
  "owner",
  "application",
  "administrator",
  "stripe",
  "platform",
] as const;

/** What a person can do: a request as it is sent, with whatever names the sender beside the token. */
export interface Step {
  by: (typeof stepTakers)[number];
  operation: string | null;
  method: string | null;
  path: string;
  headers: Record<string, string> | null;
  body: Record<string, unknown> | null;
}

/** What whoever sends it replaces. */
export const note = "What was found, and decided.";
const api = "/api/v1";

/** A request of ours. */
export function ask(by: Step["by"], operation: string, method: string, path: string, body: Step["body"] = null): Step {
  return { by, operation, method, path: api + path, headers: null, body };
}

/** Where no request of ours helps. */
export function look(by: "stripe" | "platform", path: string): Step {
  return { by, operation: null, method: null, path, headers: null, body: null };
}

/** On behalf of a shopper, whom the headers name. */
export function asShopper(step: Step, appId: string | null = null, userId: string | null = null): Step {
  return { ...step, headers: { "X-App-ID": appId ?? "", "X-User-ID": userId ?? "" } };
}

/** An object in Stripe's dashboard. */
export function atStripe(kind: string, id: string | null | undefined): Step[] {
  return [look("stripe", `https://dashboard.stripe.com/${kind}/${id}`)];
}
