import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { routes as allRoutes } from "../../src/app";
import { makeToken } from "../../src/crypto/tokens";
import { routesOn } from "../../src/http/mount";
import type { Route } from "../../src/http/route";
import type { OfferOnTable, PaidSession } from "../journey";
import { Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";
import { brokenBodies } from "./broken-bodies";
import { callRaw, journey } from "./checked";
import { inRecovery } from "./in-recovery";
import { closeDay, closedDay } from "./known-objects";
import { expectTakenKey } from "./taken-key";

/**
 * The common suite: every route in the registry is tested by it. The payments contract, whose callers are in other
 * headers and which checks the body first, and the transfers contract, whose statuses differ, have suites of their own
 * (payments/every-operation.test.ts, transfers/every-operation.test.ts).
 */
const routes = allRoutes.filter(({ dialect }) => dialect.name !== "transfers");

const operatorToken = "admin_sandbox";
const unknownId = "01890000-0000-8000-8000-000000000000";
let world: OfferOnTable;
let accepted: PaidSession;
let paymentId: string;
let reference: string;
let told: { endpointId: string; deliveryId: string };
let developerId: string;
let userId: string;
let applicationId: string;
let recordId: string;
const inbox = "http://localhost:8787/sandbox/inbox/every-operation";

beforeAll(async () => {
  world = await journey.offerOnTable({ onboarded: false });
  const session = await journey.paidOffer({ onboarded: false });
  await journey.accept(session);
  accepted = session;
  paymentId = (await (await Shop.open(journey)).started()).transactionId;
  told = await toldEndpoint();
  const body = { name: "Corner Shop", email: "every-operation@example.com" };
  const developer = await journey.must(201, "POST", "/admin/developers", { token: operatorToken, body });
  developerId = developer.body.data.id;
  const { email } = await journey.registerClient();
  userId = (await journey.operator("GET", `/users?email=${email}`)).body.data[0].id;
  const walk = new TransfersJourney(journey);
  const [sender, receiver] = [await walk.tenant(), await walk.tenant({ webhookUrl: inbox })];
  applicationId = sender.id;
  reference = (await walk.initiated(sender, receiver)).reference;
  recordId = String(await env.DB.prepare("select id from transfer_webhooks").first("id"));
  await giveUpEvent();
  await closeDay();
  await leaveCallOpen();
});

const eventId = "evt_given_up";

/** Makes an event of Stripe's about an unknown object, given up. */
async function giveUpEvent(): Promise<void> {
  await env.DB.prepare(
    `INSERT OR REPLACE INTO stripe_events (id, type, object_id, payload, state, attempts, created_at, received_at)
     VALUES (?, 'charge.refunded', 'ch_x', '{"data":{"object":{"id":"ch_x"}}}', 'dead', 12, 0, 0)`,
  )
    .bind(eventId)
    .run();
}

/** Makes a failed refund, as the example of its closing names it. */
async function leaveRefundFailed(): Promise<void> {
  await env.DB.prepare(
    `INSERT OR REPLACE INTO attention (aggregate_id, id, kind, about_kind, about_id, since)
     VALUES ('01a1f91e-f699-84f8-8dd3-bd4d5efaa050', 'one', 'refund_failed', 'refund', '01a1f91e-f699-84f8-8dd3-0242ac120002', 0)`,
  ).run();
}

let openCall: { aggregate: string; id: string };

/** Makes a pending Stripe call that was never done, and whose last sending is long over. */
async function leaveCallOpen(): Promise<void> {
  const offer = await journey.offerOnTable({ onboarded: false });
  await journey.fault("POST /v1/checkout/sessions", "429", 2);
  await journey.startCheckout(offer);
  await journey.control("DELETE", "faults");
  const open = "aggregate_id = ? and state = 'open'";
  await env.DB.prepare(`update stripe_effects set created_at = 1, sent_at = 1, last_sent_at = 1 where ${open}`)
    .bind(offer.testimonyId)
    .run();
  const call = await env.DB.prepare(`select id from stripe_effects where ${open}`).bind(offer.testimonyId).first("id");
  openCall = { aggregate: offer.testimonyId, id: String(call) };
}

/** Makes an endpoint with one delivery. */
async function toldEndpoint() {
  const body = { url: inbox, events: ["*"] };
  const made = await journey.must(201, "POST", "/webhook-endpoints", { token: operatorToken, body });
  const endpointId: string = made.body.data.id;
  const tested = await journey.must(202, "POST", `/webhook-endpoints/${endpointId}/test`, { token: operatorToken });
  return { endpointId, deliveryId: tested.body.data.deliveryId as string };
}

const isOpen = ({ access }: Route) => access === "anyone" || access === "guest";

/** Returns the path with existing ids. */
function pathOf(route: Route, ids: { testimonyId: string; offerId: string } = worldOf(route), id?: string): string {
  const { contract } = route;
  const { endpointId, deliveryId } = told;
  const kind = contract.path.replace("/admin/", "/").split("/")[1] ?? "";
  const ofKind: Record<string, string> = {
    "webhook-endpoints": endpointId,
    "webhook-deliveries": deliveryId,
    developers: developerId,
    users: userId,
    applications: applicationId,
    "stripe-events": eventId,
    "stripe-calls": openCall.id,
    payments: paymentId,
    "transfer-webhooks": recordId,
  };
  const path = contract.path
    .replace(":testimonyId", ids.testimonyId)
    .replace(":offerId", ids.offerId)
    .replace(":sessionId", id ?? accepted.sessionId)
    .replace(":aggregate", openCall.aggregate)
    .replace(":reference", id ?? reference)
    .replace(":account", id ?? "bank")
    .replace(":day/settle", `${id ?? "2026-01-02"}/settle`)
    .replace(":day", id ?? closedDay)
    .replace(":id", id ?? ofKind[kind] ?? ids.testimonyId);
  return `/api/v1${path}`;
}

/** Returns the testimony that a route is called about: some need one that a client has paid for. */
function worldOf({ contract: { operationId } }: Route): OfferOnTable {
  return ["complete-testimony", "view-checkout-session"].includes(operationId) ? accepted : world;
}

/** Returns the token of somebody who may call the route. */
function tokenFor(route: Route, who: OfferOnTable = worldOf(route)): string | undefined {
  const { access } = route;
  const tokens: Record<string, string> = {
    user: who.client.token,
    client: who.client.token,
    expert: who.expert.token,
    operator: operatorToken,
    owner: operatorToken,
  };
  return tokens[access];
}

function call(
  route: Route,
  options: { token?: string | undefined; path?: string; body?: string; headers?: Record<string, string> } = {},
) {
  const { path = pathOf(route), ...rest } = options;
  return callRaw(route.contract.method.toUpperCase(), path, rest);
}

const held = routes.filter(({ dialect }) => dialect.name !== "payments");
const protectedRoutes = held.filter((route) => !isOpen(route));
const changingRoutes = held.filter(
  ({ contract: { method, rawBodyLimitBytes } }) => method !== "get" && !rawBodyLimitBytes,
);
/** Those whose path names something. A link that is none is 422, whatever of it is wrong. */
const namedRoutes = held.filter(
  ({ contract: { path, operationId } }) => path.includes(":") && operationId !== "verify-email",
);
const keyedRoutes = held.filter(({ contract }) => contract.keyed);
const roleRoutes = held.filter(({ access }) => access === "client" || access === "expert");
const each = (list: readonly Route[]) => list.map((route): [string, Route] => [route.contract.operationId, route]);

describe("the registry", () => {
  it("names every operation once", () => {
    const names = allRoutes.map(({ contract }) => contract.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it("names the parts of a path alike in every contract that shares it", () => {
    const spellings = new Map(routes.map(({ contract: { path } }) => [path.replace(/:\w+/g, ":"), path]));
    const others = routes.filter(({ contract: { path } }) => spellings.get(path.replace(/:\w+/g, ":")) !== path);
    expect(others.map(({ contract }) => contract.operationId)).toEqual([]);
  });

  it.each(each(routes.filter(({ contract }) => contract.body !== undefined)))(
    "%s has an example that it would take",
    (_, { contract }) => {
      expect(contract.body?.safeParse(contract.bodyExample).error).toBeUndefined();
    },
  );
});

describe("who asks", () => {
  it.each(each(protectedRoutes))("%s: nobody is 401", async (_, route) => {
    const answer = await call(route);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
  });

  it.each(each(protectedRoutes))("%s: a token of nobody is 401, even with a broken body", async (_, route) => {
    expect((await call(route, { token: makeToken().token, body: "{" })).status).toBe(401);
    expect((await call(route, { token: "nonsense" })).status).toBe(401);
  });

  it.each(each(protectedRoutes.filter(({ access }) => access === "operator" || access === "owner")))(
    "%s: a user is 401",
    async (_, route) => {
      expect((await call(route, { token: world.client.token })).status).toBe(401);
    },
  );

  it.each(each(protectedRoutes.filter(({ access }) => access !== "operator" && access !== "owner")))(
    "%s: an operator is 401",
    async (_, route) => {
      expect((await call(route, { token: operatorToken })).status).toBe(401);
    },
  );

  it.each(each(roleRoutes))("%s: the wrong role is 403, before the body is looked at", async (_, route) => {
    const token = route.access === "client" ? world.expert.token : world.client.token;
    const answer = await call(route, { token, body: "{" });
    expect(answer.status).toBe(403);
    expect(answer.body.message).toBe("This action is unauthorized.");
  });

  // A page of Stripe's is unknown to everybody but its client: test/http/offers/checkout-sessions.test.ts.
  const isShown = ({ access, contract }: Route) =>
    access !== "operator" &&
    access !== "owner" &&
    !contract.path.includes(":sessionId") &&
    !isOpen({ access } as Route);

  it.each(each(namedRoutes.filter(isShown)))("%s: a stranger is refused", async (_, route) => {
    const stranger = route.access === "expert" ? await journey.registerExpert(["ke"]) : await journey.registerClient();
    // What is only ever looked for among the caller's own does not exist for others.
    const isOwn = route.contract.path.startsWith("/me/");
    expect((await call(route, { token: stranger.token })).status).toBe(isOwn ? 404 : 403);
  });
});

describe("what it names", () => {
  it.each(each(namedRoutes))("%s: an unknown id is 404", async (_, route) => {
    for (const id of [unknownId, "nonsense", "%00", "%zz", "x".repeat(300), "' or 1=1 --"]) {
      const named = encodeURI(id).replaceAll("%25", "%");
      const path = pathOf(route, { testimonyId: named, offerId: named }, named);
      // What is looked for among the caller's own only is looked for by the operation, after the body.
      const broken = route.contract.path.startsWith("/me/") ? {} : { body: "{" };
      const answer = await call(route, { token: tokenFor(route), path, ...broken });
      expect(answer.status, path).toBe(404);
    }
  });
});

describe("what is sent", () => {
  for (const [what, body, status] of brokenBodies) {
    it.each(each(changingRoutes))(`%s: ${what} is ${status}`, async (_, route) => {
      // Accept has one body for every problem with the session.
      const expected = route.contract.operationId === "accept-offer" && status === 400 ? 422 : status;
      expect((await call(route, { token: tokenFor(route), body })).status).toBe(expected);
    });
  }

  it.each(each(changingRoutes))("%s: a form is 415", async (_, route) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    expect((await call(route, { token: tokenFor(route), body: "a=1", headers })).status).toBe(415);
  });

  it.each(each(changingRoutes))("%s: a compressed body is 415", async (_, route) => {
    const answer = await call(route, { token: tokenFor(route), body: "{}", headers: { "Content-Encoding": "gzip" } });
    expect([answer.status, answer.body.code]).toEqual([415, "body_encoded"]);
  });

  it.each(each(held.filter(({ contract }) => !contract.rawBodyLimitBytes)))(
    "%s: an unknown parameter is 422",
    async (_, route) => {
      const example = route.contract.bodyExample;
      const answer = await call(route, {
        token: tokenFor(route),
        path: `${pathOf(route)}?unknown=1`,
        ...(example === undefined ? {} : { body: JSON.stringify(example) }),
      });
      expect([answer.status, answer.body.code]).toEqual([422, "input_invalid"]);
      expect(answer.body.errors).toHaveProperty("unknown");
    },
  );

  it.each(each(routes))("%s: another method is 405", async (_, route) => {
    const path = pathOf(route);
    const methods = routesOn(path, allRoutes).map(({ contract }) => contract.method);
    const answer = await callRaw(methods.includes("patch") ? "PUT" : "PATCH", path);
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")?.split(", ")).toContain(route.contract.method.toUpperCase());
  });
});

describe("the same request again", () => {
  /** Changes of rows without which an operation is refused. */
  const changes: Record<string, string> = {
    "resend-delivery-of-any": "update webhook_deliveries set replay = 0",
    "retry-webhook-of-any": "update transfer_webhooks set state = 'FAILED', due_at = null",
    "retry-stripe-call": "update stripe_effects set due_at = 9000000000000 where state = 'open'",
  };

  /** Makes a state in which the operation succeeds: most start from an open offer, two from an accepted one. */
  async function worldFor({ contract: { operationId } }: Route) {
    const ofPayouts = ["retry-payout", "release-payout"];
    const ofAccepted = ["complete-testimony", "refund-testimony", "resolve-attention", ...ofPayouts];
    const needsAcceptance = ofAccepted.includes(operationId);
    const needsPayment = needsAcceptance || operationId === "accept-offer";
    const session = needsPayment ? await journey.paidOffer({ onboarded: false }) : undefined;
    const fresh = session ?? (await journey.offerOnTable({ onboarded: false }));
    if (session && needsAcceptance) await journey.accept(session);
    const { testimonyId } = fresh;
    if (operationId === "retry-payout") {
      await env.DB.prepare("UPDATE payouts SET state = 'failed' WHERE testimony_id = ?").bind(testimonyId).run();
    }
    if (operationId === "release-payout") {
      const held = `UPDATE payouts SET state = 'held', holds = '["refunded_at_stripe"]' WHERE testimony_id = ?`;
      await env.DB.prepare(held).bind(testimonyId).run();
    }
    if (operationId === "resolve-attention") {
      await env.DB.prepare(
        "INSERT INTO attention (aggregate_id, id, kind, about_kind, about_id, since) VALUES (?, 'one', 'payout_failed', 'payout', 'p', 0)",
      )
        .bind(testimonyId)
        .run();
    }
    if (operationId === "close-attention") await leaveRefundFailed();
    if (operationId.endsWith("-stripe-event")) await giveUpEvent();
    if (operationId.endsWith("-stripe-call")) await leaveCallOpen();
    const change = changes[operationId];
    if (change !== undefined) await env.DB.prepare(change).run();
    if (operationId === "refund-payment-of-any") paymentId = (await (await Shop.open(journey)).paid()).transactionId;
    if (operationId === "create-offer") return { ...fresh, expert: await journey.registerExpert(), session };
    return { ...fresh, session };
  }

  it.each(each(keyedRoutes))("%s: under one key it is done once", async (_, route) => {
    const fresh = await worldFor(route);
    const example =
      route.contract.operationId === "accept-offer"
        ? { sessionId: fresh.session?.sessionId }
        : route.contract.bodyExample;
    const request = {
      token: tokenFor(route, fresh),
      path: pathOf(route, fresh),
      ...(example === undefined ? {} : { body: JSON.stringify(example) }),
      headers: { "Idempotency-Key": crypto.randomUUID() },
    };
    const first = await call(route, request);
    expect([200, 201, 202, 204]).toContain(first.status);
    expect(first.headers.get("Idempotent-Replayed")).toBeNull();

    const second = await call(route, request);
    if (route.contract.operationId === "mark-restored") {
      await journey.must(204, "POST", "/admin/restore/end", { token: operatorToken });
    }
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    expect(second.headers.get("Idempotent-Replayed")).toBe("true");

    await expectTakenKey(request.headers["Idempotency-Key"], () => call(route, request), [
      [409, "idempotency_key_running"],
      [422, "idempotency_key_reused"],
    ]);
    if (example !== undefined && route.contract.operationId !== "accept-offer") {
      const other = await call(route, { ...request, body: JSON.stringify({ ...example, ...different(example) }) });
      expect(other.status).toBe(422);
      expect(other.body.code).toBe("idempotency_key_reused");
    }
  });

  it.each(each(keyedRoutes))("%s: a key that is none is 400", async (_, route) => {
    const body = route.contract.bodyExample === undefined ? undefined : JSON.stringify(route.contract.bodyExample);
    const fresh = await worldFor(route);
    const headers = { "Idempotency-Key": "k".repeat(129) };
    const answer = await call(route, {
      token: tokenFor(route, fresh),
      path: pathOf(route, fresh),
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect([answer.status, answer.body.code]).toEqual([400, "idempotency_key_invalid"]);
  });
});

describe("while the lost time of a restored database is searched", () => {
  it("every other change waits", async () => {
    await journey.onboard(world.expert);
    const waiting = changingRoutes.filter(({ contract }) => !contract.evenInRecovery);
    const answers: unknown[] = [];
    await inRecovery(async () => {
      for (const route of waiting) {
        const { operationId, bodyExample } = route.contract;
        const body = bodyExample === undefined ? {} : { body: JSON.stringify(bodyExample) };
        const { status, body: answered } = await call(route, { token: tokenFor(route), ...body });
        answers.push([operationId, status, answered?.code]);
      }
    });
    expect(answers).toEqual(waiting.map(({ contract }) => [contract.operationId, 503, "unavailable"]));
  });
});

/** Returns the example with one text changed. */
function different(example: unknown): Record<string, string> {
  const entries = Object.entries(example as Record<string, unknown>);
  const [name = "", value] = entries.findLast(([, value]) => typeof value === "string") ?? [];
  return { [name]: Number.isNaN(Date.parse(String(value))) ? "Changed" : "2026-11-02T00:00:00Z" };
}
