import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { routes as allRoutes } from "../../../src/app";
import { makeToken } from "../../../src/crypto/tokens";
import { basePath, routesOn } from "../../../src/http/mount";
import { paymentsRoutes } from "../../../src/http/payments";
import type { Route } from "../../../src/http/route";
import { identity, newOrderId, Shop, type Shopper, type Transaction } from "../../shop";
import { brokenBodies } from "../broken-bodies";
import { callRaw, journey } from "../checked";
import { inRecovery } from "../in-recovery";
import { expectTakenKey } from "../taken-key";

/** Every route in the list of the payments contract is tested by this. */

/** Objects that belong to one owner. */
interface Belongings extends Transaction {
  shop: Shop;
  refundId: string;
  methodId: string;
}

let own: Belongings;
let foreign: Belongings;

beforeAll(async () => {
  own = await belongings(await Shop.open(journey));
  foreign = await belongings(await Shop.open(journey));
});

async function belongings(shop: Shop): Promise<Belongings> {
  const transaction = await shop.paid();
  const refund = await shop.refund(transaction, { amount: 100 });
  const method = await shop.attach(transaction.shopper, { payment_method_id: "pm_card_mastercard" });
  return { ...transaction, shop, refundId: refund.body.data.refund_id, methodId: method.body.data.id };
}

const each = (list: readonly Route[]) => list.map((route): [string, Route] => [route.contract.operationId, route]);
const needs = ({ access }: Route) => ({
  app: access === "app" || access === "shopper",
  user: access === "shopper",
});
const appRoutes = paymentsRoutes.filter((route) => needs(route).app);
const shopperRoutes = paymentsRoutes.filter((route) => needs(route).user);
const bodyRoutes = paymentsRoutes.filter(({ contract }) => contract.body !== undefined);
const changingRoutes = paymentsRoutes.filter(({ contract }) => contract.method !== "get");
const keyedRoutes = paymentsRoutes.filter(({ contract }) => contract.keyed);

/** Returns the path that names the owner's objects. */
function pathOf({ contract: { path } }: Route, { orderId, transactionId, refundId, methodId, accountId }: Belongings) {
  const ofKind: Record<string, string> = {
    transactions: transactionId,
    refunds: refundId,
    "payment-methods": methodId,
    "connected-accounts": accountId,
  };
  return `/api/v1${path
    .replace(":orderId", orderId)
    .replace(":prefix", "dev_unknown0")
    .replace(":id", ofKind[path.split("/")[1] ?? ""] ?? "none")}`;
}

/** Returns the example with the owner's objects. */
function bodyOf({ contract: { bodyExample } }: Route, { shopper, ...names }: Belongings): string | undefined {
  if (bodyExample === undefined) return undefined;
  const named: Record<string, unknown> = {
    order_id: names.orderId,
    transaction_id: names.transactionId,
    account_id: names.accountId,
    app_id: shopper.appId,
  };
  const members = Object.entries(bodyExample as object).map(([name, value]) => [name, named[name] ?? value]);
  return JSON.stringify(Object.fromEntries(members));
}

/** Calls a route about an owner's objects, with the given headers. */
function callAbout(route: Route, whose: Belongings, headers: Record<string, string>, body = bodyOf(route, whose)) {
  const { method } = route.contract;
  return callRaw(method.toUpperCase(), pathOf(route, whose), { headers, ...(body === undefined ? {} : { body }) });
}

/** Tells whether another contract has the same method and path. */
function isShared({ contract: { method, path } }: Route): boolean {
  const onPath = routesOn(`${basePath}${path.replace(/:\w+/g, "x")}`, allRoutes);
  return onPath.some(({ contract, dialect }) => contract.method === method && dialect.name === "transfers");
}

const without = (name: string) => {
  const { [name]: _, ...rest } = identity(own.shopper);
  return rest;
};

describe("who asks", () => {
  const broken = "{";

  it.each(each(paymentsRoutes))("%s: nobody is told the first header that is missing", async (_, route) => {
    const answer = await callAbout(route, own, {}, broken);
    // Without any of the three headers, a path that two contracts have belongs to the other.
    const ours = needs(route).app ? [400, "app_missing"] : [401, "unauthenticated"];
    const expected = isShared(route) ? [401, "UNAUTHORIZED"] : ours;
    expect([answer.status, answer.body.code ?? answer.body.errorCode]).toEqual(expected);
  });

  it.each(each(appRoutes))("%s: without an app is 400, whatever else is wrong", async (_, route) => {
    const answer = await callAbout(route, own, without("X-App-ID"), broken);
    expect(answer.status).toBe(400);
    expect(answer.body.details).toEqual({ message: "Provide app_id in the header" });
  });

  it.each(each(shopperRoutes))("%s: without a user is 401 with words of its own", async (_, route) => {
    const answer = await callAbout(route, own, without("X-User-ID"), broken);
    expect([answer.status, answer.body.detail]).toEqual([401, "Please provide a valid user token in the header"]);
  });

  const refused = { detail: "Unauthorized", code: "unauthenticated" };

  it.each(each(paymentsRoutes))("%s: without a token is 401", async (_, route) => {
    const answer = await callAbout(route, own, without("X-Developer-Token"), broken);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject(refused);
    expect(answer.headers.get("WWW-Authenticate")).not.toBeNull();
  });

  it.each(each(paymentsRoutes))("%s: a token of nobody is 401", async (_, route) => {
    for (const token of [makeToken("dev").token, makeToken().token, "admin_sandbox", "x".repeat(5000)]) {
      const headers = { ...identity(own.shopper), "X-Developer-Token": token };
      const answer = await callAbout(route, own, headers, broken);
      expect([answer.status, answer.body.detail]).toEqual([401, "Unauthorized"]);
    }
  });

  it.each(each(paymentsRoutes))("%s: a revoked token is 401", async (_, route) => {
    const { token } = await revoked();
    const answer = await callAbout(route, own, { ...identity(own.shopper), "X-Developer-Token": token });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject(refused);
  });

  it.each(each(appRoutes))("%s: another developer's token for this app is 401", async (_, route) => {
    const headers = { ...identity(own.shopper), "X-Developer-Token": foreign.shopper.token };
    const answer = await callAbout(route, own, headers);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject(refused);
  });

  it.each(each(shopperRoutes))("%s: a shopper of another app is 401", async (_, route) => {
    const another = await anotherApp();
    for (const headers of [
      { ...identity(own.shopper), "X-App-ID": another.appId },
      { ...identity(own.shopper), "X-User-ID": another.userId },
      { ...identity(own.shopper), "X-User-ID": foreign.shopper.userId },
    ]) {
      const answer = await callAbout(route, own, headers);
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject(refused);
    }
  });

  it.each(each(appRoutes))("%s: what cannot be an id is 401, and is not looked up", async (_, route) => {
    for (const id of ["nonsense", "' or 1=1 --", "x".repeat(5000), "%00"]) {
      const headers = { ...identity(own.shopper), "X-App-ID": id };
      expect((await callAbout(route, own, headers)).status).toBe(401);
    }
  });
});

/** Makes a developer whose token was revoked. */
async function revoked(): Promise<Shopper> {
  const shopper = await (await Shop.open(journey)).shopper();
  const prefix = shopper.token.slice(0, 12);
  const found = await env.DB.prepare("select developer_id as id from developer_tokens where prefix = ?")
    .bind(prefix)
    .first<{ id: string }>();
  await journey.must(204, "DELETE", `/admin/developers/${found?.id}/tokens/${prefix}`, { token: "admin_sandbox" });
  return shopper;
}

/** Makes a shopper of another app of the same developer. */
async function anotherApp(): Promise<Shopper> {
  const headers = { "X-Developer-Token": own.shopper.token };
  const app = await journey.must(201, "POST", "/apps", { headers, body: { name: "Another" } });
  const appId: string = app.body.data.id;
  const user = await journey.must(201, "POST", "/users", { headers, body: { app_id: appId } });
  return { ...own.shopper, appId, userId: user.body.data.id };
}

describe("what belongs to others", () => {
  const strangers: [string, () => Promise<Shopper>][] = [
    ["another developer", async () => foreign.shopper],
    ["another app", anotherApp],
    ["another user", () => own.shop.shopper()],
  ];

  /** An app's back end may list all transactions of the app, with their refunds and disputes. */
  const shownToTheApp = ["list-payments", "list-payment-refunds", "list-payment-disputes"];

  for (const [who, stranger] of strangers) {
    it.each(each(paymentsRoutes))(`%s: ${who} learns and changes nothing`, async (_, route) => {
      const before = await stateOf(own);
      const shopper = await stranger();
      const answer = await callAbout(route, own, identity(shopper));
      expect([200, 201, 204, 401, 404, 409, 422]).toContain(answer.status);
      const isShown = who === "another user" && shownToTheApp.includes(route.contract.operationId);
      if (answer.status < 400 && !isShown) {
        for (const secret of [own.transactionId, own.refundId, own.methodId, own.shopper.userId]) {
          expect(answer.text).not.toContain(secret);
        }
      }
      if (shopper.token !== own.shopper.token && namesThings(route)) expect([401, 404]).toContain(answer.status);
      expect(await stateOf(own)).toEqual(before);
    });
  }

  it("is the same as what does not exist, account or not", async () => {
    const ask = (accountId: string) =>
      journey.call("GET", `/api/v1/connected-accounts/${accountId}`, {
        headers: { ...identity(own.shopper), "Request-Id": "request-0001" },
      });
    const [taken, unknown] = [await ask(foreign.accountId), await ask("acct_unknown")];
    expect([taken.status, taken.body]).toEqual([unknown.status, unknown.body]);
    expect([taken.status, taken.body.detail]).toEqual([401, "Not the Owner of account"]);
  });
});

/** Tells whether the path or the body names an object that may belong to another owner. */
function namesThings(route: Route): boolean {
  const { path, bodyExample } = route.contract;
  const named = ["order_id", "transaction_id", "account_id", "app_id"];
  return (path.includes(":") && !path.includes(":orderId")) || named.some((name) => name in Object(bodyExample));
}

/** Reads the state of all objects of an owner. */
async function stateOf({ shop, shopper, orderId, transactionId, refundId, methodId, accountId }: Belongings) {
  const paths = [
    `/transactions/${transactionId}`,
    `/refunds/${refundId}`,
    `/payment-methods/${methodId}`,
    `/connected-accounts/${accountId}`,
    `/transactions?order_id=${orderId}`,
  ];
  return Promise.all(paths.map(async (path) => (await shop.ask(shopper, "GET", path)).body.data));
}

describe("what is sent", () => {
  for (const [what, body, status] of brokenBodies) {
    it.each(each(changingRoutes))(`%s: ${what} is ${status}`, async (_, route) => {
      expect((await callAbout(route, own, identity(own.shopper), body)).status).toBe(status);
    });
  }

  it.each(each(changingRoutes))("%s: a compressed body is 415", async (_, route) => {
    const headers = { ...identity(own.shopper), "Content-Encoding": "gzip" };
    const answer = await callAbout(route, own, headers, "{}");
    expect([answer.status, answer.body.code]).toEqual([415, "body_encoded"]);
  });

  it("every change waits while the lost time of a restored database is searched", async () => {
    const answers: unknown[] = [];
    await inRecovery(async () => {
      for (const route of changingRoutes) {
        const answer = await callAbout(route, own, identity(own.shopper));
        answers.push([route.contract.operationId, answer.status, answer.body?.code]);
      }
    });
    expect(answers).toEqual(changingRoutes.map(({ contract }) => [contract.operationId, 503, "unavailable"]));
  });

  it.each(each(changingRoutes))("%s: a form is 415", async (_, route) => {
    const headers = { ...identity(own.shopper), "Content-Type": "application/x-www-form-urlencoded" };
    expect((await callAbout(route, own, headers, "a=1")).status).toBe(415);
  });

  it.each(each(bodyRoutes))("%s: a body too large is 413 for whoever sends it", async (_, route) => {
    expect((await callAbout(route, own, { "X-App-ID": "nobody's" }, `{"a":"${"x".repeat(64 * 1024)}"}`)).status).toBe(
      413,
    );
  });

  it.each(each(bodyRoutes))("%s: a card number is 422 wherever it is", async (_, route) => {
    const body = { ...JSON.parse(bodyOf(route, own) ?? "{}"), card: { number: "4242424242424242" } };
    const answer = await callAbout(route, own, identity(own.shopper), JSON.stringify(body));
    expect([400, 422]).toContain(answer.status);
    expect(answer.text).toContain("must not hold a card number");
    // The path that the answer repeats has random ids: they may hold four digits of the number, not six.
    expect(answer.text).not.toContain("424242");
  });
});

describe("the same request again", () => {
  /** A request that succeeds, and another under the same key. */
  interface Request {
    path: string;
    body?: object;
    other?: object;
  }

  /** Requests for operations whose example would not succeed about existing objects. */
  const fresh: Record<string, () => Promise<Request>> = {
    "open-connected-account": async () => emails("/connected-accounts"),
    "cancel-order": async () => {
      const orderId = newOrderId();
      const body = { amount: 1000, account_id: own.accountId };
      await own.shop.ask(own.shopper, "PUT", `/orders/${orderId}`, body);
      return { path: `/orders/${orderId}/cancel` };
    },
    "create-payment": async () => {
      const body = { order_id: newOrderId(), account_id: own.accountId, amount: 1000 };
      return { path: "/transactions", body, other: { ...body, amount: 2000 } };
    },
    "confirm-payment": async () => {
      const { transactionId } = await own.shop.started({}, own);
      const named = { transaction_id: transactionId, account_id: own.accountId };
      const body = { ...named, payment_method_id: "pm_card_visa" };
      return { path: "/transactions/confirm", body, other: { ...named, payment_method_id: "pm_card_mastercard" } };
    },
    "capture-payment": async () => {
      const { transactionId } = await own.shop.paid({ capture_method: "manual" }, own);
      const path = `/transactions/${transactionId}/capture`;
      return { path, body: { amount_to_capture: 800 }, other: { amount_to_capture: 801 } };
    },
    "cancel-payment": async () => {
      const { transactionId } = await own.shop.started({}, own);
      return { path: `/transactions/${transactionId}/cancel`, body: { reason: "a" }, other: { reason: "b" } };
    },
    "refund-payment": async () => {
      const { orderId } = await own.shop.paid({}, own);
      const body = { order_id: orderId, account_id: own.accountId, amount: 250 };
      return { path: "/refunds", body, other: { ...body, amount: 251 } };
    },
    "create-app-user": async () => {
      const body = { app_id: own.shopper.appId, external_id: crypto.randomUUID() };
      return { path: "/users", body, other: { ...body, external_id: crypto.randomUUID() } };
    },
  };

  function emails(path: string): Request {
    const email = () => ({ email: `seller-${crypto.randomUUID()}@example.com` });
    return { path, body: email(), other: email() };
  }

  async function requestFor(route: Route): Promise<Request> {
    const prepared = await fresh[route.contract.operationId]?.();
    if (prepared) return prepared;
    const body = bodyOf(route, own);
    const path = pathOf(route, own).replace("/api/v1", "");
    return { path, ...(body === undefined ? {} : { body: JSON.parse(body) }) };
  }

  const ask = (route: Route, { path, body }: Request, key: string) =>
    own.shop.ask(own.shopper, route.contract.method.toUpperCase(), path, body, { "Idempotency-Key": key });

  it.each(each(keyedRoutes))("%s: under one key it is done once", async (_, route) => {
    const request = await requestFor(route);
    const key = crypto.randomUUID();
    const first = await ask(route, request, key);
    expect([200, 201]).toContain(first.status);
    expect(first.headers.get("Idempotent-Replayed")).toBeNull();

    const second = await ask(route, request, key);
    expect([second.status, withoutPages(second.body)]).toEqual([first.status, withoutPages(first.body)]);
    expect(second.headers.get("Idempotent-Replayed")).toBe("true");

    await expectTakenKey(key, () => ask(route, request, key), [
      [409, "idempotency_key_running"],
      [422, "idempotency_key_reused"],
    ]);
    if (request.other) {
      const other = await ask(route, { path: request.path, body: request.other }, key);
      expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    }
  });

  it.each(each(keyedRoutes))("%s: a key that is none is 400", async (_, route) => {
    const answer = await ask(route, await requestFor(route), "k".repeat(129));
    expect([answer.status, answer.body.code]).toEqual([400, "idempotency_key_invalid"]);
  });
});

/** Removes single-use pages, which are made anew for each answer. */
function withoutPages(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (name, value) =>
    ["onboarding_url", "expires_at", "message"].includes(name) ? undefined : value,
  );
}
