import type { Answer } from "./stripe-account.ts";

/** The address of Stripe, the platform's secret key, and the version in which it is asked. */
export interface StripeAccess {
  origin: string;
  key: string | undefined;
  version: string;
}

/** Reads one path of Stripe's API. A refusal, or no answer (status 0), is returned in words. */
export async function askStripe<T>({ origin, key, version }: StripeAccess, path: string): Promise<Answer<T>> {
  const headers = { Authorization: `Bearer ${key}`, "Stripe-Version": version };
  try {
    const response = await fetch(origin + path, { headers });
    const body = (await response.json()) as { error?: { message?: string } };
    return response.ok
      ? { ok: true, value: body as T }
      : { ok: false, status: response.status, message: body.error?.message ?? `${response.status}` };
  } catch (error) {
    const { cause = error } = error as { cause?: unknown }; // `fetch` says why in its cause alone
    return { ok: false, status: 0, message: String(cause) };
  }
}
