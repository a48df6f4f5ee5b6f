import { expect } from "vitest";
import type { Journey } from "../../journey";

interface Request {
  source: string;
  method: string;
  path: string;
  parameters: object;
  idempotencyKey: string | null;
}

/**
 * The form of our keys: the id of a row of ours, with or without a generation, and the call's step. The SDK's own keys
 * are random and protect nothing.
 */
const ours = /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[\da-f]{4}-[\da-f]{12}(\.\d+(\.[a-z]+)?)?$/;

/**
 * Expects that every POST to Stripe carries a key of ours, and that a key stands for one request: same path, same
 * parameters.
 */
export async function expectKeysInOrder(journey: Journey): Promise<void> {
  const requests: Request[] = (await journey.control("GET", "requests")).body.requests;
  const posts = requests.filter(({ source, method }) => source === "application" && method === "POST");
  expect(posts.length).toBeGreaterThan(0);
  expect(posts.filter(({ idempotencyKey }) => !ours.test(idempotencyKey ?? ""))).toEqual([]);
  for (const [key, repeats] of Map.groupBy(posts, ({ idempotencyKey }) => idempotencyKey)) {
    const distinct = new Set(repeats.map(({ path, parameters }) => JSON.stringify([path, parameters])));
    expect([...distinct], `requests under ${key}`).toHaveLength(1);
  }
}
