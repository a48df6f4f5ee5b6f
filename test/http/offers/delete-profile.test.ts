import { beforeEach, describe, expect, it } from "vitest";
import { cards, newClient, newExpert, type PaidSession, type Person } from "../../journey";
import { acceptedOffer, refund } from "../../operations/offers/accepted-offer";
import { decideDispute, disputeAtStripe, emptyAccountOf } from "../../operations/offers/at-stripe";
import { rows } from "../../operations/rows";
import { expectBooksInOrder, outcomeOf } from "../../outcome";
import { journey } from "../checked";

const password = "correct-horse-9";
const hour = 60 * 60;

beforeEach(() => journey.reset());

const erase = ({ token }: Person, body: object = { currentPassword: password }) =>
  journey.call("DELETE", "/api/v1/me", { token, body });
const idOf = async ({ email }: Person): Promise<string> =>
  (await journey.operator("GET", `/users?email=${encodeURIComponent(email)}`)).body.data[0].id;
const complete = ({ testimonyId, expert }: PaidSession) =>
  journey.must(204, "POST", `/testimonies/${testimonyId}/complete`, { token: expert.token, body: {} });
const logIn = ({ email }: Person) => journey.call("POST", "/api/v1/auth/login", { body: { email, password } });

/** Expects a deletion to be refused for these reasons. */
async function expectWaiting(person: Person, ...reasons: string[]): Promise<void> {
  const { status, body } = await erase(person);
  expect([status, body.code]).toEqual([409, "money_underway"]);
  expect(body.waiting.map(({ reason }: { reason: string }) => reason).toSorted()).toEqual(reasons);
}

describe("a deletion", () => {
  it("wants the password or a fresh login, as a stolen token has neither", async () => {
    const client = await journey.registerClient();
    await journey.advance(16 * 60);
    const refused = await erase(client, {});
    expect([refused.status, refused.body.code]).toEqual([422, "reauthentication_required"]);
    const guessed = await erase(client, { currentPassword: "guess-1234" });
    expect([guessed.status, guessed.body.code]).toEqual([422, "password_wrong"]);
    expect((await erase(client, { currentPassword: password })).status).toBe(204);
  });

  it("ends all sessions, and frees e-mail and phone for anybody", async () => {
    const [asClient, asExpert] = [newClient(), newExpert()];
    for (const [role, body] of [
      ["client", asClient],
      ["expert", asExpert],
    ] as const) {
      const register = () => journey.must(201, "POST", `/auth/register/${role}`, { body });
      const person = { email: body.email, token: (await register()).body.data.token };
      const elsewhere = { email: body.email, token: (await logIn(person)).body.data.token };
      expect((await erase(elsewhere)).status).toBe(204);
      for (const { token } of [person, elsewhere]) {
        expect((await journey.call("GET", "/api/v1/me", { token })).status).toBe(401);
      }
      expect((await logIn(person)).status).toBe(401);
      await register();
    }
  });

  it("is seen by an operator, who can do nothing more about the user", async () => {
    const client = await journey.registerClient();
    const id = await idOf(client);
    expect((await erase(client)).status).toBe(204);
    const { body } = await journey.operator("GET", `/users/${id}`);
    expect(body.data).toMatchObject({ id, email: "", firstName: "Deleted", lastName: "user", sessions: [] });
    expect(body.data.deletedAt).not.toBeNull();
    const { body: again } = await journey.operator("POST", `/users/${id}/delete`, { note: "Asked for again." });
    expect(again).toBe("");
    expect((await journey.operator("POST", `/users/${id}/restore`, { note: "Sorry." })).status).toBe(204);
    expect((await logIn(client)).status).toBe(401);
  });

  it("is made by an operator for a person who writes a letter", async () => {
    const client = await journey.registerClient();
    const id = await idOf(client);
    const note = { note: "Asked for by letter." };
    await journey.createTestimony(client);
    expect((await journey.operator("POST", `/users/${id}/delete`, note)).status).toBe(204);
    expect((await logIn(client)).status).toBe(401);
    const [change] = await rows<{ actor: string; data: string }>(
      "select actor, data from journal where aggregate_id = ? and name = 'delete-user'",
      id,
    );
    expect([change?.actor, JSON.parse(change?.data ?? "")]).toEqual(["operator", { operator: "sandbox", ...note }]);
    expect((await journey.operator("POST", "/users/unknown/delete", note)).body.code).toBe("user_unknown");
  });
});

describe("what is open and harmless", () => {
  it("is ended: an unpaid testimony with its page, and an open offer", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    const other = await journey.offerOnTable({ expert: session.expert, onboarded: false });
    expect((await erase(session.client)).status).toBe(204);
    expect(await outcomeOf(journey, session)).toMatchObject({ sessions: ["expired"], paidMinor: 0 });
    expect((await journey.pay(session)).status).not.toBe(303);
    const seen = await journey.must(200, "GET", `/testimonies/${session.testimonyId}`, { token: session.expert.token });
    expect(seen.body.data).toMatchObject({
      state: "cancelled",
      client: { email: "", phone: null, firstName: "Deleted", lastName: "user" },
      realEstate: { type: "house", properties: null, address: { line1: null, city: "" } },
    });

    expect((await erase(session.expert)).status).toBe(204);
    const { body } = await journey.must(200, "GET", `/testimonies/${other.testimonyId}/offers`, {
      token: other.client.token,
    });
    expect(body.data.map((one: { withdrawnAt: string | null }) => one.withdrawnAt !== null)).toEqual([true]);
    await expectBooksInOrder(journey);
  });

  it("is more than one request ends", async () => {
    const client = await journey.registerClient();
    for (let made = 0; made < 45; made += 1) await journey.createTestimony(client);
    expect((await erase(client)).status).toBe(204);
    expect(await rows("select state from testimonies where state <> 'cancelled'")).toEqual([]);
  });
});

describe("money that is not at rest", () => {
  it("is the work, the payout of an expert, and the refund of a client", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await expectWaiting(session.client, "work_underway");
    await expectWaiting(session.expert, "work_underway");
    const note = { note: "Asked for by letter." };
    const asked = await journey.operator("POST", `/users/${await idOf(session.client)}/delete`, note);
    expect([asked.status, asked.body.code]).toEqual([409, "money_underway"]);
    expect(asked.body.waiting).toEqual([{ reason: "work_underway", testimonyId: session.testimonyId }]);
    await complete(session);
    await expectWaiting(session.expert, "payout_underway");
    await journey.fault("POST /v1/refunds", "timeout_before", 1_000);
    expect((await refund(journey, session)).status).toBe(204);
    await expect.poll(async () => (await erase(session.client)).body.waiting?.[0].reason).toBe("refund_underway");
    await journey.control("DELETE", "faults");
    await journey.advance(hour);
    expect((await erase(session.client)).status).toBe(204);
    expect((await erase(session.expert)).status).toBe(204);
  });

  it("is a dispute, what an operator must look at, and a debt", async () => {
    const session = await acceptedOffer(journey);
    await complete(session);
    const dispute = await disputeAtStripe(journey, session);
    await journey.advance(1);
    await expectWaiting(session.client, "dispute_open");
    await expectWaiting(session.expert, "dispute_open");
    await decideDispute(journey, dispute, "lost");
    await journey.advance(60);
    await expectWaiting(session.client, "operator_must_look");
    const path = `/testimonies/${session.testimonyId}/resolve-attention`;
    expect((await journey.operator("POST", path, { note: "Seen." })).status).toBe(204);
    expect((await erase(session.client)).status).toBe(204);
    await emptyAccountOf(journey, session);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(hour);
    await expectWaiting(session.expert, "debt_owed");
  });

  it("is a payment that a bank decides about, and a call whose outcome is unknown", async () => {
    const delayed = await journey.checkout(await journey.offerOnTable());
    expect((await journey.pay(delayed, cards.delayedSucceeds)).status).toBe(303);
    await journey.advance(1);
    await expectWaiting(delayed.client, "payment_underway");

    const unknown = await journey.offerOnTable();
    await journey.fault("POST /v1/checkout/sessions", "timeout_after", 5);
    expect((await journey.startCheckout(unknown)).status).toBe(500);
    await expectWaiting(unknown.client, "payment_underway");
    const expert = await journey.registerExpert();
    await journey.fault("POST /v1/accounts", "timeout_after", 5);
    expect((await journey.call("POST", "/api/v1/me/payout-account", { token: expert.token, body: {} })).status).toBe(
      500,
    );
    await expectWaiting(expert, "call_underway");
  });
});
