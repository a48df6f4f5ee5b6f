import { env } from "cloudflare:workers";
import { expect } from "vitest";

// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
type Asked = { status: number; body: any };

/**
 * Sends a request again whose key is taken: as if the first still ran, and as if the key was another request's.
 * Expects the contract's words for both.
 */
export async function expectTakenKey(
  key: string,
  ask: () => Promise<Asked>,
  [running, reused]: readonly [running: [number, string], reused: [number, string]],
): Promise<void> {
  const set = (values: string) => env.DB.prepare(`update idempotency_keys set ${values} where key = ?`).bind(key).run();
  const answered = async () => {
    const { status, body } = await ask();
    return [status, body.code ?? body.errorCode];
  };
  await set(`done_by = null, result = null, claimed_at = claimed_at + 3600000`);
  expect(await answered()).toEqual(running);
  await set("fingerprint = 'another'");
  expect(await answered()).toEqual(reused);
}
