import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../../src/container";
import { emptyCost } from "../../../src/cost";
import { openDatabase } from "../../../src/db/database";
import { usersById } from "../../../src/db/offers/users";
import { run } from "../../../src/operations/operations";
import { journey } from "../../http/checked";
import type { PaidSession, Person } from "../../journey";
import { expectBooksInOrder, openEffectCount, outcomeOf } from "../../outcome";
import { rows } from "../rows";
import { acceptedOffer } from "./accepted-offer";
import { disputeAtStripe } from "./at-stripe";
import { columnsWith } from "./every-cell";

const body = { currentPassword: "correct-horse-9" };

beforeEach(() => journey.reset());

const erase = ({ token }: Person) => journey.call("DELETE", "/api/v1/me", { token, body });
const idOf = async ({ email }: Person): Promise<string> =>
  (await rows<{ id: string }>("select id from users where email = ?", email))[0]?.id ?? "";
const complete = ({ testimonyId, expert }: PaidSession) =>
  journey.must(204, "POST", `/testimonies/${testimonyId}/complete`, { token: expert.token, body: {} });

async function expectGone(...people: Person[]): Promise<void> {
  for (const { email } of people) expect(await columnsWith(email)).toEqual([]);
  await expectBooksInOrder(journey);
  expect(await openEffectCount()).toBe(0);
}

/** Does something right before the batch that deletes, when everything has been read. */
function meddling(meddle: () => Promise<unknown>) {
  let isDeletion = false;
  let isDone = false;
  const binding = {
    prepare(query: string) {
      isDeletion ||= query.startsWith('update "users"');
      return env.DB.prepare(query);
    },
    async batch(statements: D1PreparedStatement[]) {
      if (isDeletion && !isDone) {
        isDone = true;
        await meddle();
      }
      return env.DB.batch(statements);
    },
  };
  return openDatabase(binding as unknown as D1Database, emptyCost());
}

async function deleteWhile(person: Person, meddle: () => Promise<unknown>) {
  const deps = await buildDeps(env, "test");
  const input = { userId: await idOf(person), operator: "tester", note: "Asked for." };
  return run({ ...deps, db: meddling(meddle) }, { name: "delete-user", input });
}

describe("a payment that comes while its client is deleted", () => {
  it.each([-10, 0, 5, 15])("%i ms later wins, or was not possible: nothing is taken and given back", async (lagMs) => {
    const session = await journey.checkout(await journey.offerOnTable());
    const begin = <T>(ms: number, work: () => Promise<T>) => scheduler.wait(Math.max(ms, 0)).then(work);
    const [erased, paid] = await Promise.all([
      begin(-lagMs, () => erase(session.client)),
      begin(lagMs, () => journey.pay(session)),
    ]);
    for (const seconds of [10, 10]) await journey.advance(seconds);
    const { sessions, paidMinor, refunds, transfers } = await outcomeOf(journey, session);
    expect(refunds).toEqual([]);
    expect([erased.status, paid.status === 303, sessions[0], paidMinor, transfers.length]).toBeOneOf([
      [204, false, "expired", 0, 0],
      [409, true, "complete", 18_090, 1],
    ]);
    await expectBooksInOrder(journey);
    if (erased.status === 204) await expectGone(session.client);
    else expect(erased.body.waiting).toEqual([{ reason: "work_underway", testimonyId: session.testimonyId }]);
  });

  it("wins although nobody has told us of it yet", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("drop");
    await journey.pay(session);
    expect((await erase(session.client)).body.waiting).toMatchObject([{ reason: "work_underway" }]);
    expect(await journey.state(session)).toBe("accepted");
  });
});

describe("what is written between the look and the deletion", () => {
  it("is ended as well, if it is a new testimony", async () => {
    const client = await journey.registerClient();
    expect(await deleteWhile(client, () => journey.createTestimony(client))).toMatchObject({ ok: true });
    expect(await rows("select state from testimonies")).toEqual([{ state: "cancelled" }]);
    await expectGone(client);
  });

  it("refuses it, if it is a dispute", async () => {
    const session = await acceptedOffer(journey);
    await complete(session);
    const refused = await deleteWhile(session.client, async () => {
      await disputeAtStripe(journey, session);
      await journey.advance(1);
    });
    expect(refused).toMatchObject({ refusal: "money_underway", facts: { waiting: [{ reason: "dispute_open" }] } });
    expect(await columnsWith(session.client.email)).not.toEqual([]);
  });
});

describe("a request that was under way when its user was deleted", () => {
  it("writes nothing more about the person", async () => {
    const { client, expert, testimonyId, offerId } = await journey.offerOnTable({ onboarded: false });
    const other = await journey.createTestimony(await journey.registerClient());
    const deps = await buildDeps(env, "test");
    const [clientId, expertId] = [await idOf(client), await idOf(expert)];
    const [[asClient], [asExpert]] = await deps.db.batch([
      usersById(deps.db, [clientId]),
      usersById(deps.db, [expertId]),
    ]);
    if (!asClient || !asExpert) throw new Error("there are no users");
    for (const person of [client, expert]) expect((await erase(person)).status).toBe(204);

    const gone = { ok: false, refusal: "user_deleted" };
    const asked = { caller: asClient, purpose: "mortgage", realEstate: {}, region: null, notes: client.email };
    expect(await run(deps, { name: "create-testimony", input: asked })).toEqual(gone);
    const offer = { testimonyId: other, caller: asExpert, priceMinor: 100, deliveryDays: 1, notes: expert.email };
    expect(await run(deps, { name: "create-offer", input: offer })).toEqual(gone);
    expect(await run(deps, { name: "open-payout-account", input: { caller: asExpert } })).toEqual(gone);
    const update = { userId: clientId, sessionId: "", changes: { firstName: client.email } };
    expect(await run(deps, { name: "update-profile", input: update })).toEqual(gone);
    const details = { ...{ email: client.email, phone: "", firstName: "", lastName: "" }, company: null };
    const address = { line1: "", line2: null, city: "", postalCode: "", country: "SK" };
    const input = { ...details, billingAddress: address, shippingAddress: address };
    const checkout = { testimonyId, offerId, userId: clientId, input };
    expect(await run(deps, { name: "start-checkout", input: checkout })).toMatchObject({ refusal: "state_wrong" });
    const session = { hash: "h", prefix: "p", expiresAtMs: deps.nowMs() + 1_000_000, network: "n" };
    const logIn = { userId: clientId, session, provedHash: "anything" };
    expect(await run(deps, { name: "log-in", input: logIn })).toMatchObject({ refusal: "credentials_wrong" });
    await expectGone(client, expert);
  });
});

describe("a deletion that was interrupted", () => {
  it.each(["timeout_before", "timeout_after", "500", "500_after"])(
    "at Stripe (%s) goes on when it is asked for again",
    async (kind) => {
      const session = await journey.checkout(await journey.offerOnTable());
      await journey.fault("POST /v1/checkout/sessions/*/expire", kind, 5);
      const statuses = [(await erase(session.client)).status];
      while (statuses.at(-1) !== 204 && statuses.length < 10) {
        await journey.control("DELETE", "faults");
        await journey.advance(60);
        statuses.push((await erase(session.client)).status);
      }
      expect([statuses[0], statuses.at(-1)]).toEqual([503, 204]);
      expect(await outcomeOf(journey, session)).toMatchObject({ sessions: ["expired"], paidMinor: 0 });
      await expectGone(session.client);
    },
  );

  it("before its last batch has deleted nothing, and after it everything", async () => {
    for (const isWritten of [false, true]) {
      const client = await journey.registerClient();
      await journey.createTestimony(client);
      const lost = { prepare: (query: string) => env.DB.prepare(query) };
      const failing = {
        ...lost,
        async batch(statements: D1PreparedStatement[]) {
          if (statements.length < 10) return env.DB.batch(statements);
          if (isWritten) await env.DB.batch(statements);
          throw new Error("D1_ERROR: the Worker was stopped.");
        },
      };
      const deps = await buildDeps(env, "test");
      const input = { userId: await idOf(client), operator: "tester", note: "Asked for." };
      const db = openDatabase(failing as unknown as D1Database, emptyCost());
      const stopped = run({ ...deps, db }, { name: "delete-user", input });
      if (isWritten) expect(await stopped.catch(() => "thrown")).toBeDefined();
      else await expect(stopped).rejects.toThrow("stopped");
      expect((await columnsWith(client.email)).length > 0).toBe(!isWritten);
      expect((await erase(client)).status).toBe(isWritten ? 401 : 204);
      await expectGone(client);
    }
  });
});
