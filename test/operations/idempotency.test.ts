import { abortAllDurableObjects } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { type Answer, checkoutBody, Journey, type Person } from "../journey";
import { rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

const key = { "Idempotency-Key": "order-7" };

function testimony(client: Person, changes: object = {}, headers: Record<string, string> = key): Promise<Answer> {
  const body = {
    purpose: "mortgage",
    realEstate: {
      type: "house",
      properties: { parcelCount: 1, storeyCount: 2, otherBuildingCount: 0, detachedGarageCount: 0 },
      address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
      region: "ba",
    },
    ...changes,
  };
  return journey.call("POST", "/api/v1/testimonies", { token: client.token, body, headers });
}

async function count(table: string): Promise<number> {
  return (await rows<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n ?? 0;
}

function replayed(answer: Answer): string | null {
  return answer.headers.get("Idempotent-Replayed");
}

describe("the same key", () => {
  it("with the same request answers the same, and says so", async () => {
    const client = await journey.registerClient();
    const first = await testimony(client);
    const second = await testimony(client);
    expect([first.status, replayed(first)]).toEqual([201, null]);
    expect([second.status, replayed(second)]).toEqual([201, "true"]);
    expect(second.body).toEqual(first.body);
    expect(await count("testimonies")).toBe(1);
  });

  it("with another request is refused", async () => {
    const client = await journey.registerClient();
    await testimony(client);
    const other = await testimony(client, { purpose: "auction" });
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ code: "idempotency_key_reused" });
    expect(await count("testimonies")).toBe(1);
  });

  it("of another caller is another key", async () => {
    const [anna, boris] = [await journey.registerClient(), await journey.registerClient()];
    const answers = [await testimony(anna), await testimony(boris, { purpose: "auction" })];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(replayed)).toEqual([null, null]);
  });

  it("on another offer is another key", async () => {
    const client = await journey.registerClient();
    const first = await journey.offerOnTable({ client, onboarded: false });
    const second = await journey.offerOnTable({ client, onboarded: false });
    const body = checkoutBody();
    const answers = [await journey.startCheckout(first, body, key), await journey.startCheckout(second, body, key)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(replayed)).toEqual([null, null]);
    expect(answers[0]?.body.data.url).not.toBe(answers[1]?.body.data.url);
  });

  it("for another session at accept is refused: the session is not in the path", async () => {
    const client = await journey.registerClient();
    const first = await journey.paidOffer({ client, onboarded: false });
    const second = await journey.paidOffer({ client, onboarded: false });
    expect((await journey.accept(first, key)).status).toBe(204);
    const other = await journey.accept(second, key);
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ code: "idempotency_key_reused" });
    const again = await journey.accept(first, key);
    expect([again.status, replayed(again)]).toEqual([204, "true"]);
  });

  it("is forgotten after 24 hours, and not before", async () => {
    const client = await journey.registerClient();
    await testimony(client);
    await journey.advance(24 * 60 * 60 - 60);
    expect((await testimony(client, { purpose: "auction" })).status).toBe(422);
    await journey.advance(61);
    const later = await testimony(client, { purpose: "auction" });
    expect([later.status, replayed(later)]).toEqual([201, null]);
    expect(await count("testimonies")).toBe(2);
  });

  it("of an operator brings the same refund", async () => {
    const session = await journey.paidOffer({ onboarded: false });
    await journey.accept(session);
    const path = `/api/v1/admin/testimonies/${session.testimonyId}/refund`;
    const options = { token: "admin_sandbox", body: { reason: "Asked for." }, headers: key };
    const first = await journey.call("POST", path, options);
    const second = await journey.call("POST", path, options);
    expect([first.status, second.status, replayed(second)]).toEqual([204, 204, "true"]);
  });

  it.each(["", "k".repeat(129), "bell\u0007"])("that is no key is refused: %o", async (bad) => {
    const client = await journey.registerClient();
    let headers: Record<string, string>;
    try {
      headers = { "Idempotency-Key": bad };
      new Headers(headers);
    } catch {
      return; // cannot even be sent
    }
    const answer = await testimony(client, {}, headers);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: "idempotency_key_invalid" });
  });
});

describe("a key is free again", () => {
  it("after a request that was not valid", async () => {
    const client = await journey.registerClient();
    expect((await testimony(client, { purpose: "nothing" })).status).toBe(422);
    const valid = await testimony(client);
    expect([valid.status, replayed(valid)]).toEqual([201, null]);
  });

  it("after 'not paid yet'", async () => {
    const session = await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    expect((await journey.accept(session, key)).status).toBe(422);
    await journey.pay(session);
    const paid = await journey.accept(session, key);
    expect([paid.status, replayed(paid)]).toEqual([204, null]);
    const again = await journey.accept(session, key);
    expect([again.status, replayed(again)]).toEqual([204, "true"]);
  });

  it("after Stripe did not answer, and the repeat completes what was started", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    const body = checkoutBody();
    await journey.fault("POST /v1/checkout/sessions", "timeout_after", 2);
    expect((await journey.startCheckout(offer, body, key)).status).toBe(500);
    const second = await journey.startCheckout(offer, body, key);
    expect([second.status, replayed(second)]).toEqual([200, null]);
    const third = await journey.startCheckout(offer, body, key);
    expect([third.status, replayed(third)]).toEqual([200, "true"]);
    expect(third.body).toEqual(second.body);
    expect((await journey.stripe("/checkout/sessions")).data).toHaveLength(1);
  });
});

describe("at the same time", () => {
  it("the second is answered that the first still runs", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    const body = checkoutBody();
    await journey.fault("POST /v1/checkout/sessions", "slow", 1);
    const answers = await Promise.all([
      journey.startCheckout(offer, body, key),
      journey.startCheckout(offer, body, key),
    ]);
    const running = answers.find(({ status }) => status === 409);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(running?.headers.get("Retry-After")).toBe("1");
    expect(running?.body).toMatchObject({ code: "idempotency_key_running" });
    const later = await journey.startCheckout(offer, body, key);
    expect([later.status, replayed(later)]).toEqual([200, "true"]);
  });

  it("twenty racers make one testimony", async () => {
    const client = await journey.registerClient();
    const answers = await Promise.all(Array.from({ length: 20 }, () => testimony(client)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(new Set(made.map(({ body }) => body.data.id)).size).toBe(1);
    expect(await count("testimonies")).toBe(1);
  });
});

describe("a crash", () => {
  it("in the middle leaves the same key to complete it", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    const body = checkoutBody();
    await journey.fault("POST /v1/checkout/sessions", "slow", 1);
    const crashed = journey.startCheckout(offer, body, key);
    await expect.poll(() => count("stripe_effects"), { interval: 5, timeout: 5_000 }).toBe(1);
    await abortAllDurableObjects();
    expect((await crashed).status).toBe(503);

    // It may still run: the key stays reserved for its lease.
    const tooSoon = await journey.startCheckout(offer, body, key);
    expect([tooSoon.status, tooSoon.body.code]).toEqual([409, "idempotency_key_running"]);
    await journey.advance(46);
    const repeated = await journey.startCheckout(offer, body, key);
    expect(repeated.status).toBe(200);
    const again = await journey.startCheckout(offer, body, key);
    expect([again.status, replayed(again)]).toEqual([200, "true"]);
    expect(again.body).toEqual(repeated.body);
    expect((await journey.stripe("/checkout/sessions")).data).toHaveLength(1);
    expect(await count("checkouts")).toBe(1);
  });

  it("that left its claim behind delays the same request only for the lease", async () => {
    const client = await journey.registerClient();
    await testimony(client);
    // This is the state that a killed process leaves: reserved, nothing done.
    await rows("update idempotency_keys set done_by = null, result = null");
    await rows("delete from testimonies");
    expect((await testimony(client)).status).toBe(409);
    await journey.advance(46);
    expect((await testimony(client, { purpose: "auction" })).status).toBe(422);
    const taken = await testimony(client);
    expect([taken.status, replayed(taken)]).toEqual([201, null]);
  });
});

describe("without effect", () => {
  it("is a key on an anonymous route", async () => {
    const register = (email: string) => {
      const body = {
        email,
        password: "correct-horse-9",
        passwordConfirmation: "correct-horse-9",
        newsletterSubscribed: false,
        termsAgreed: true,
      };
      return journey.call("POST", "/api/v1/auth/register/client", { body, headers: key });
    };
    const answers = [await register("a@example.com"), await register("b@example.com")];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(replayed)).toEqual([null, null]);
  });

  it("is a key where the answer holds a secret", async () => {
    const expert = await journey.registerExpert();
    const open = () =>
      journey.call("POST", "/api/v1/me/payout-account", { token: expert.token, body: {}, headers: key });
    const [first, second] = [await open(), await open()];
    expect([first.status, second.status, replayed(second)]).toEqual([200, 200, null]);
    expect(second.body.data.url).not.toBe(first.body.data.url);
  });
});
