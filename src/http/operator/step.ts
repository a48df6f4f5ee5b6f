/** The persons who can take a step. `stripe` means in Stripe's dashboard, `platform` in Cloudflare's. */
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

/** A step that a person can take: a complete request, with the headers that name the sender beside the token. */
export interface Step {
  by: (typeof stepTakers)[number];
  operation: string | null;
  method: string | null;
  path: string;
  headers: Record<string, string> | null;
  body: Record<string, unknown> | null;
}

/** A placeholder that the sender replaces. */
export const note = "What was found, and decided.";
const api = "/api/v1";

/** Makes a step that is a request to our API. */
export function ask(by: Step["by"], operation: string, method: string, path: string, body: Step["body"] = null): Step {
  return { by, operation, method, path: api + path, headers: null, body };
}

/** Makes a step that is taken in a dashboard, because no request of ours helps. */
export function look(by: "stripe" | "platform", path: string): Step {
  return { by, operation: null, method: null, path, headers: null, body: null };
}

/** Adds the headers that name the shopper on whose behalf a step is taken. */
export function asShopper(step: Step, appId: string | null = null, userId: string | null = null): Step {
  return { ...step, headers: { "X-App-ID": appId ?? "", "X-User-ID": userId ?? "" } };
}

/** Makes the step of looking at an object in Stripe's dashboard. */
export function atStripe(kind: string, id: string | null | undefined): Step[] {
  return [look("stripe", `https://dashboard.stripe.com/${kind}/${id}`)];
}
