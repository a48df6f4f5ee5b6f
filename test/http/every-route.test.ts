import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { createApp, routes } from "../../src/app";
import { makeToken } from "../../src/crypto/tokens";
import type { Route } from "../../src/http/route";
import { TransfersJourney } from "../transfers-journey";
import { callRaw, journey } from "./checked";
import { nowMs, tokenIssuedAt } from "./transfers/world";

/** Answers that every operation can give, whoever asks and for what. Each operation is asked. */

const app = createApp();

/** Asks an operation with other bindings. Of a path that two contracts share, the header means the payments contract. */
async function ask({ contract, dialect }: Route, bindings: object, init: RequestInit = {}) {
  const path = `/api/v1${contract.path.replace(/:\w+/g, "x")}`;
  const identity = { "X-Developer-Token": makeToken("dev").token, "X-App-ID": "x", "X-User-ID": "x" };
  const headers = { ...(dialect.name === "payments" ? identity : {}), ...init.headers };
  const request = new Request(`http://localhost${path}`, { method: contract.method.toUpperCase(), ...init, headers });
  const response = await app.fetch(request, { ...env, ...bindings });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
  const body: any = await response.json();
  return [contract.operationId, response.status, body.code ?? body.errorCode];
}

const shielded = routes.filter(({ contract }) => contract.shielded !== false);
const fail = (words: string) => async () => Promise.reject(new Error(words));
const cutOff = "Network connection lost.";

it.each([
  ["the shield is used up", "rate_limited", async () => ({ success: false })],
  ["something fails", "failed", fail("out of order")],
  ["something is cut off", "busy", fail(cutOff)],
] as const)("each says so where %s", async (_, name, limit) => {
  for (const route of shielded) {
    const { requestErrors, refusals } = route.dialect;
    const { status, code = name } = name === "busy" ? refusals[name] : requestErrors[name];
    expect(await ask(route, { SHIELD: { limit } })).toEqual([route.contract.operationId, status, code]);
  }
});

it("the one without a shield, for Stripe's events, says so as well where an event cannot be stored", async () => {
  const [route, ...others] = routes.filter((one) => !shielded.includes(one)) as [Route];
  expect(others).toEqual([]);
  const body = JSON.stringify({
    ...{ id: "evt_1", object: "event", type: "charge.updated", created: 1 },
    livemode: false,
    data: { object: { id: "ch_1", object: "charge" } },
  });
  const at = Math.floor((await nowMs()) / 1000);
  const signature = createHmac("sha256", "whsec_sandbox_platform").update(`${at}.${body}`).digest("hex");
  const sent = { body, headers: { "Stripe-Signature": `t=${at},v1=${signature}` } };
  const broken = (words: string) => ({ DB: { prepare: (query: string) => env.DB.prepare(query), batch: fail(words) } });
  expect(await ask(route, broken("out of order"), sent)).toEqual(["receive-stripe-event", 500, "failed"]);
  expect(await ask(route, broken(cutOff), sent)).toEqual(["receive-stripe-event", 503, "busy"]);
});

it("those of the operator do not exist where there is none", async () => {
  const ofOperators = routes.filter(({ access }) => access === "operator" || access === "owner");
  expect(ofOperators.length).toBeGreaterThan(40);
  for (const route of ofOperators) {
    expect(await ask(route, { ADMIN_TOKENS: "" })).toEqual([route.contract.operationId, 404, "path_unknown"]);
  }
});

it("those of the payments contract refuse no token as wrong while the database does not answer", async () => {
  const DB = { prepare: (query: string) => env.DB.prepare(query), batch: fail("out of order") };
  for (const route of routes.filter(({ dialect }) => dialect.name === "payments")) {
    expect(await ask(route, { DB })).toEqual([route.contract.operationId, 503, "unavailable"]);
  }
});

it("those of webhook endpoints say why an application's token is not taken", async () => {
  const walk = new TransfersJourney(journey);
  const [owner, inactive] = [await walk.tenant(), await walk.tenant()];
  const old = await tokenIssuedAt(owner, (await nowMs()) - 3_600_001);
  await walk.admit(inactive, { active: false });
  for (const { contract } of routes.filter(({ access }) => access === "owner")) {
    const path = `/api/v1${contract.path.replace(/:\w+/g, crypto.randomUUID())}`;
    const tried = async (token: string) => {
      const { status, body } = await callRaw(contract.method.toUpperCase(), path, { token });
      return [contract.operationId, status, body.code];
    };
    expect(await tried(old)).toEqual([contract.operationId, 401, "token_expired"]);
    expect(await tried(inactive.token)).toEqual([contract.operationId, 403, "application_inactive"]);
  }
});
