import { env } from "cloudflare:workers";
import { compactDecrypt } from "jose/jwe/compact/decrypt";
import { signJwt } from "../../src/crypto/jwt";
import { readEnvironment } from "../../src/env";
import type { Journey } from "../journey";
import { type Tenant, TransfersJourney } from "../transfers-journey";
import { type Caller, type Notice, readStripe } from "./snapshot";

/** An application with its caller as one object, so that a key is recognised; its inbox; and its private keys. */
export interface Member {
  tenant: Tenant;
  otherTags: string[];
  caller: Caller & { token: string };
  box: string;
  privateKeys: { kid: string }[];
}

/** Registers three applications: two with webhooks, and an administrator without. */
export async function registerMembers(journey: Journey): Promise<Member[]> {
  const walk = new TransfersJourney(journey);
  const { nowMs } = await readStripe();
  const members: Member[] = [];
  for (const [at, tag] of ["alice", "bob", "carl"].entries()) {
    const box = `application-${at}`;
    const tenant = await walk.tenant({ tag, ...(at < 2 ? { webhookUrl: inboxUrl({ box }) } : {}) });
    await journey.control("POST", "inbox", { box, secrets: [tenant.webhookSecret] });
    const otherTags = at === 0 ? [await walk.anotherTag(tenant, "ann")] : [];
    members.push({ tenant, otherTags, caller: { token: await lastingToken(tenant, nowMs) }, box, privateKeys: [] });
  }
  const administrator = members.at(-1);
  if (administrator) await walk.admit(administrator.tenant, { admin: true });
  return members;
}

/** Reads what a member received so far, decrypted if it was encrypted. */
export async function readInbox(journey: Journey, { box, privateKeys }: Member): Promise<Notice[]> {
  const { received } = (await journey.control("GET", `inbox?box=${box}`)).body;
  const notices: Notice[] = [];
  for (const { headers, body, verdict, mode } of received) {
    const text = headers["content-encryption"] === "JWE" ? await open(body, privateKeys) : body;
    const { eventId: id, transaction } = JSON.parse(text);
    notices.push({ id, event: headers["x-idaas-event"], status: transaction.status, verdict, wasTaken: mode === "ok" });
  }
  return notices;
}

/** Returns the webhook address of a member. */
export function inboxUrl({ box }: Pick<Member, "box">): string {
  return `http://localhost:8787/sandbox/inbox/${box}`;
}

/** Makes a token that outlives every history; expiring ones are tested elsewhere. */
function lastingToken({ id }: Tenant, nowMs: number): Promise<string> {
  const keys = readEnvironment(env).TRANSFERS_TOKEN_KEYS;
  const lifetimeSeconds = 365 * 24 * 60 * 60;
  return signJwt(keys, { issuer: "accord", subject: id, id: "t", issuedAtMs: nowMs, lifetimeSeconds, others: {} });
}

async function open(jwe: string, keys: Member["privateKeys"]): Promise<string> {
  const { plaintext } = await compactDecrypt(jwe, ({ kid }) => {
    const key = keys.find((one) => one.kid === kid);
    if (!key) throw new Error(`encrypted with ${kid}, which nobody has`);
    return key;
  });
  return new TextDecoder().decode(plaintext);
}
