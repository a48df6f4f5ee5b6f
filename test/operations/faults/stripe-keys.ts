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
 * A key of ours: the id of a row of ours, with or without a generation, and which step of the call it is. The SDK's own are
 * random and protect nothing.
 */
const ours = /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[\da-f]{4}-[\da-f]{12}(\.\d+(\.[a-z]+)?)?$/;

/** Every POST that Stripe got from us carries a key of ours, and a key stands for one request: same path, same parameters. */
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
