import { env } from "cloudflare:workers";
import { signJwt } from "../../../src/crypto/jwt";
import { readEnvironment } from "../../../src/env";
import { type Tenant, TransfersJourney } from "../../transfers-journey";
import { journey } from "../checked";

/** A transfers journey whose every answer is checked. */
export const walk = new TransfersJourney(journey);

const daySeconds = 24 * 60 * 60;

/** Everything that a path of the contract can name, with its owners. */
export interface World {
  sender: Tenant;
  receiver: Tenant;
  administrator: Tenant;
  /** A transaction that awaits acceptance. */
  reference: string;
  /** The receiver's record of this transaction. */
  webhookId: string;
  settledDay: string;
  settlementId: string;
}

/** Makes a settled day with one payment, and one more payment that awaits its acceptance. */
export async function makeWorld(): Promise<World> {
  const sender = await walk.tenant();
  const receiver = await walk.tenant({ webhookUrl: "http://localhost:8787/sandbox/inbox/receiver" });
  const administrator = await walk.tenant();
  await walk.admit(administrator, { admin: true });
  await walk.paid(sender, receiver);
  const settledDay = dayOf(await nowMs());
  await journey.advance(daySeconds);
  for (const tenant of [sender, receiver, administrator]) tenant.token = await walk.token(tenant);
  const settled = await walk.must(administrator, "POST", `/settlement/trigger?date=${settledDay}`);
  const callbackUrl = "http://localhost:8787/sandbox/inbox/sender";
  const { reference, webhooks } = await walk.initiated(sender, receiver, { callbackUrl });
  return {
    ...{ sender, receiver, administrator, reference, settledDay },
    webhookId: webhooks[0].id,
    settlementId: settled.id,
  };
}

/** Returns the time of the sandbox's clock. */
export async function nowMs(): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds * 1000;
}

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Makes a token of an application, issued at the given time. */
export async function tokenIssuedAt({ id }: { id: string }, issuedAtMs: number): Promise<string> {
  const keys = readEnvironment(env).TRANSFERS_TOKEN_KEYS;
  return signJwt(keys, { issuer: "accord", subject: id, id: "t", issuedAtMs, lifetimeSeconds: 3_600, others: {} });
}
