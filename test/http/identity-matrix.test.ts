import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { routes } from "../../src/app";
import { choose, routesOn } from "../../src/http/mount";
import type { Route } from "../../src/http/route";
import type { OfferOnTable } from "../journey";
import { identity, newOrderId, Shop, type Transaction } from "../shop";
import type { Tenant } from "../transfers-journey";
import { callRaw, journey } from "./checked";
import { type Identity, type Kind, makeIdentities } from "./identities";
import { walk } from "./transfers/world";

/*
 * Every operation of the description × every identity that it does not let in. What is expected follows from the
 * description alone (credential, scopes), from the route's role, and from whose objects the path and the body name.
 */

/** Whose objects the requests name. */
interface World {
  offer: OfferOnTable;
  paid: Transaction;
  refundId: string;
  methodId: string;
  alice: Tenant;
  reference: string;
  endpointId: string;
  deliveryId: string;
  sessionId: string;
}

/** An operation as it is described. */
interface Described {
  route: Route;
  /** The credentials that open it, each with the scopes of which it needs one. */
  security: Partial<Record<Exclude<Kind, "none">, readonly string[]>>;
}

let world: World;
let identities: Identity[];
let operations: Described[];

beforeAll(async () => {
  const offer = await journey.offerOnTable({ onboarded: false });
  const shop = await Shop.open(journey);
  const paid = await shop.paid();
  const refund = await shop.refund(paid, { amount: 100 });
  const method = await shop.attach(paid.shopper, { payment_method_id: "pm_card_mastercard" });
  const [alice, bob] = [await walk.tenant(), await walk.tenant()];
  const { reference } = await walk.initiated(alice, bob);
  const endpoint = { url: "http://localhost:8787/sandbox/inbox/matrix", events: ["*"] };
  const made = await journey.must(201, "POST", "/webhook-endpoints", { token: "admin_sandbox", body: endpoint });
  const endpointId: string = made.body.data.id;
  const path = `/webhook-endpoints/${endpointId}/test`;
  const tested = await journey.must(202, "POST", path, { token: "admin_sandbox" });
  const sessions = await journey.must(200, "GET", "/me/sessions", { token: offer.client.token });
  const ids = { refundId: refund.body.data.refund_id, methodId: method.body.data.id, endpointId };
  world = {
    offer,
    paid,
    ...ids,
    alice,
    reference,
    deliveryId: tested.body.data.deliveryId,
    sessionId: sessions.body.data[0].id,
  };
  identities = await makeIdentities({ offer, shopper: paid.shopper, tenant: alice });
  operations = await describedOperations();
});

/** Reads the description as a client does, and finds the route of each operation. */
async function describedOperations(): Promise<Described[]> {
  const { body } = await callRaw("GET", "/api/v1/openapi.json");
  const described = Object.values<object>(body.paths).flatMap((path) => Object.values(path));
  return described.flatMap(({ operationId, security = [], "x-scopes": scopes = {} }) =>
    operationId.split("-or-").map((id: string) => {
      const route = routes.find(({ contract }) => contract.operationId === id) as Route;
      return { route, security: securityOf(route, security, scopes) };
    }),
  );
}

/** Returns the credentials of an operation, by the scheme that says who asks. One path may be two contracts'. */
function securityOf(
  route: Route,
  security: Record<string, readonly string[]>[],
  scopes: Record<string, readonly string[]>,
): Described["security"] {
  const own = { payments: ["developerToken", "bearer"], transfers: ["applicationToken"] }[route.dialect.name];
  const named = security.flatMap((set) => {
    const scheme = ["bearer", "operator", "developerToken", "applicationToken"].find((name) => name in set);
    return scheme && (own?.includes(scheme) ?? true) ? [[scheme, scopes[scheme] ?? []] as const] : [];
  });
  const opened = Object.fromEntries(named);
  // The login link also takes a developer's token as a bearer token.
  if (route.access === "login") delete opened.bearer;
  return opened;
}

type Expected = readonly [status: number, code?: string];

/** Returns the refusal that an identity must get; undefined if it may call the operation. */
function expectedOf({ route, security }: Described, who: Identity): readonly Expected[] | undefined {
  if (Object.keys(security).length === 0) return undefined; // open to everybody
  const scopes = who.kind === "none" ? undefined : security[who.kind];
  if (scopes === undefined) return [[401]];
  if (who.dead) return [[who.dead]];
  if (who.scopes && scopes.length > 0 && !who.scopes.some((scope) => scopes.includes(scope)))
    return [[403, "scope_missing"]];
  if (who.role && ["client", "expert", "administrator"].includes(route.access) && who.role !== route.access)
    return [[403]];
  if (who.isStranger && namesObjects(route)) return [[401], [403], [404]];
  // The app and the shopper of the headers are another developer's.
  if (who.name.endsWith("this one's app and shopper") && ["app", "shopper"].includes(route.access)) return [[401]];
  return undefined;
}

/** What all parties of a contract share, or what names an object of the caller's own by a name of the caller's choice. */
const sharedByAll = ["view-settlement", "view-settlement-of-day", "revoke-token", "end-application-client-secret"];

/** Tells whether a request names an object that has an owner. */
function namesObjects({ contract: { path, bodyExample, operationId } }: Route): boolean {
  if (sharedByAll.includes(operationId)) return false;
  const inBody = Object.keys((bodyExample ?? {}) as object);
  return path.includes(":") || inBody.some((name) => ["account_id", "transaction_id", "app_id"].includes(name));
}

/** Returns the path with the owners' objects. */
function pathOf({ contract: { path }, dialect }: Route): string {
  const { offer, paid, alice } = world;
  const kinds: Record<string, string> = {
    "webhook-endpoints": world.endpointId,
    "webhook-deliveries": world.deliveryId,
    transactions: dialect.name === "transfers" ? world.reference : paid.transactionId,
    refunds: world.refundId,
    "payment-methods": world.methodId,
    "connected-accounts": paid.accountId,
    subjects: alice.subjectId,
    me: world.sessionId,
    applications: alice.id,
  };
  const kind = path.replace("/admin/", "/").split("/")[1] ?? "";
  return `/api/v1${path}`
    .replace(":testimonyId", offer.testimonyId)
    .replace(":offerId", offer.offerId)
    .replace(":orderId", paid.orderId)
    .replace(":sessionId", "cs_test_unknown")
    .replace(":aggregate", offer.testimonyId)
    .replace(":reference", world.reference)
    .replace(":date", "2026-01-02")
    .replace(":tag", alice.tag)
    .replace(":prefix", "xxx_unknown0")
    .replace(":id", kinds[kind] ?? crypto.randomUUID());
}

/** Returns the body of the example, with the owners' objects. */
function bodyOf({ contract: { bodyExample } }: Route): string | undefined {
  if (bodyExample === undefined) return undefined;
  const { paid } = world;
  const own: Record<string, unknown> = {
    order_id: newOrderId(),
    transaction_id: paid.transactionId,
    account_id: paid.accountId,
    app_id: paid.shopper.appId,
  };
  const members = Object.entries(bodyExample as object).map(([name, value]) => [name, own[name] ?? value]);
  return JSON.stringify(Object.fromEntries(members));
}

/** Sends the request; undefined if its headers make it another contract's. */
async function send(route: Route, who: Identity) {
  const { "X-Developer-Token": _, ...appAndShopper } = identity(world.paid.shopper);
  // Without them, the payments contract says first that they are missing.
  const headers = { ...(route.dialect.name === "payments" ? appAndShopper : {}), ...who.headers };
  const path = pathOf(route);
  const method = route.contract.method.toUpperCase();
  const sharing = routesOn(path, routes).filter(({ contract }) => contract.method === route.contract.method);
  if (choose(sharing, new Headers(headers)) !== route) return undefined;
  const body = bodyOf(route);
  return callRaw(method, path, { headers, ...(body === undefined ? {} : { body }) });
}

/** Counts the rows of every table. */
async function rowCounts(): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare("select name from sqlite_master where type = 'table'").all<{
    name: string;
  }>();
  const tables = results.map(({ name }) => name).filter((name) => !/^(_|sqlite_|d1_)/.test(name));
  const counted = await env.DB.batch<{ n: number }>(
    tables.map((name) => env.DB.prepare(`select count(*) as n from "${name}"`)),
  );
  return Object.fromEntries(tables.map((name, index) => [name, counted[index]?.results[0]?.n ?? 0]));
}

it("lets nobody in who may not, writes nothing for them, and fails for none", async () => {
  const before = await rowCounts();
  const violations: string[] = [];
  const sent = new Map<string, number>();
  let allowed = 0;
  for (const operation of operations) {
    for (const who of identities) {
      const expected = expectedOf(operation, who);
      const answer = expected ? await send(operation.route, who) : undefined;
      if (!expected) allowed += 1;
      if (!expected || !answer) continue;
      sent.set(who.name, (sent.get(who.name) ?? 0) + 1);
      const { status, body, headers } = answer;
      const code = body?.code ?? body?.errorCode;
      const isExpected = expected.some((one) => one[0] === status && (one[1] ?? code) === code);
      const written = /written=(\d+)/.exec(headers.get("Accord-Cost") ?? "")?.[1];
      if (isExpected && written === "0") continue;
      const { operationId } = operation.route.contract;
      violations.push(`${operationId}, ${who.name}: ${status} ${code}, ${written} written; expected ${expected}`);
    }
  }
  const requests = [...sent.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${operations.length} operations × ${identities.length} identities: ${requests} requests refused as they must be, ` +
      `${allowed} pairs allowed, ${violations.length} violations`,
  );
  expect(violations).toEqual([]);
  expect(await rowCounts()).toEqual(before);
  for (const { name } of identities.filter(({ name }) => name !== "an operator"))
    expect(sent.get(name), name).toBeGreaterThan(10);
  expect(requests).toBeGreaterThan(2_000);
}, 600_000);

it("finds in the description what the routes say", () => {
  const kinds: Record<string, Kind[]> = {
    ...{ anyone: [], guest: [], user: ["bearer"], client: ["bearer"], expert: ["bearer"], operator: ["operator"] },
    ...{
      developer: ["developerToken"],
      login: ["developerToken"],
      app: ["developerToken"],
      shopper: ["developerToken"],
    },
    ...{ application: ["applicationToken"], administrator: ["applicationToken"] },
    owner: ["applicationToken", "developerToken", "operator"],
  };
  for (const { route, security } of operations) {
    const { operationId, scope, method } = route.contract;
    expect([operationId, Object.keys(security).toSorted()]).toEqual([operationId, kinds[route.access]]);
    if (!security.developerToken) continue;
    const scopes = scope === "any" ? [] : [...(method === "get" ? ["read"] : []), scope];
    expect([operationId, security.developerToken]).toEqual([operationId, scopes]);
  }
});
