import { env } from "cloudflare:workers";
import type { Answer } from "../journey";
import { ends } from "./payments-told";

/** Prints the body of an answer without what belongs to its request alone. */
export function bodyOf({ body }: Answer): string {
  const { requestId: _, timestamp: __, ...rest } = typeof body === "object" && body !== null ? body : { text: body };
  return JSON.stringify(rest);
}

/**
 * Tells whether an answer repeats the first one, which is given as it was printed. Only what a shopper's browser pays
 * with may be missing: Stripe's `client_secret` once the payment has ended, the next step once it is taken.
 */
export async function isRepeated(first: string, answer: Answer): Promise<boolean> {
  const expected = JSON.parse(first);
  const { client_secret, next_action, transaction_id } = answer.body?.data ?? {};
  if (expected.data?.client_secret && client_secret === null && (await hasEnded(transaction_id))) {
    expected.data.client_secret = null;
  }
  if (expected.data?.next_action && next_action === null) expected.data.next_action = null;
  return JSON.stringify(expected) === bodyOf(answer);
}

async function hasEnded(transactionId: string): Promise<boolean> {
  const query = env.DB.prepare("SELECT state FROM payments WHERE stripe_id = ?").bind(transactionId);
  const found = await query.first<{ state: string }>();
  return found !== null && ends.includes(found.state);
}
