import { beforeEach, describe, expect, it } from "vitest";
import { checkoutBody, newExpert, type Person } from "../../journey";
import { rows } from "../../operations/rows";
import { callRaw, journey } from "../checked";
import { resetTokenFor } from "./mailbox";

/* What somebody only claims keeps nobody else out: a phone blocks others once it was paid with, an e-mail is proved by
 * its mailbox. */

beforeEach(() => journey.reset());

const claim = ({ token }: Person, phone: string) => journey.call("PUT", "/api/v1/me", { token, body: { phone } });
const newPhone = () => checkoutBody().phone;
const taken = [422, "phone_taken"];

/** Takes a client through an accepted offer that was paid with a phone. */
async function paidWith(phone: string, client?: Person) {
  const session = await journey.checkout(await journey.offerOnTable(client ? { client } : {}), { phone });
  await journey.pay(session);
  expect((await journey.accept(session)).status).toBe(204);
  return session;
}

describe("a phone that others only claim", () => {
  it("keeps its owner from nothing: profile, registration, payment", async () => {
    const phone = newPhone();
    const [stranger, another] = [await journey.registerClient(), await journey.registerClient()];
    expect((await claim(stranger, phone)).status).toBe(200);
    expect((await claim(another, phone)).status).toBe(200);
    for (const _ of ["one", "two"]) {
      await journey.must(201, "POST", "/auth/register/expert", { body: { ...newExpert(), phone } });
    }
    const { client } = await paidWith(phone);
    expect((await claim(client, phone)).status).toBe(200);
  });

  it("is nobody's after a payment that was returned, or was never made", async () => {
    const [phone, unpaid] = [newPhone(), newPhone()];
    const lost = await journey.checkout(await journey.offerOnTable(), { phone });
    await journey.events("hold");
    await journey.pay(lost);
    await journey.must(204, "POST", `/testimonies/offers/${lost.offerId}/withdraw`, { token: lost.expert.token });
    expect((await journey.accept(lost)).status).toBe(422);
    await journey.checkout(await journey.offerOnTable(), { phone: unpaid });
    expect(await rows("select * from user_phones where phone in (?, ?)", phone, unpaid)).toEqual([]);
    expect((await claim(await journey.registerClient(), phone)).status).toBe(200);
  });
});

describe("a phone that was paid with", () => {
  it("is taken for others, in the documented words", async () => {
    const phone = newPhone();
    await paidWith(phone);
    const stranger = await journey.registerClient();
    const claimed = await claim(stranger, phone);
    expect([claimed.status, claimed.body.code]).toEqual(taken);
    const body = { ...newExpert(), phone };
    const registered = await journey.call("POST", "/api/v1/auth/register/expert", { body });
    expect([registered.status, registered.body.code]).toEqual(taken);
    expect(await rows("select * from user_emails where email = ?", body.email)).toEqual([]);

    const offer = await journey.offerOnTable({ client: stranger });
    const answer = await callRaw("POST", `/api/v1/testimonies/offers/${offer.offerId}/checkout`, {
      token: stranger.token,
      // The same number in another spelling.
      body: JSON.stringify({ ...checkoutBody(), phone: phone.replace(/^(\+421)/, "$1 ") }),
      headers: { "Request-Id": "request-0001" },
    });
    expect([answer.status, answer.text]).toEqual([
      422,
      '{"message":"The phone has already been taken.","errors":{"phone":["The phone has already been taken."]},"code":"phone_taken","requestId":"request-0001"}',
    ]);
  });

  it("stays its payer's, who pays with it again", async () => {
    const phone = newPhone();
    const { client } = await paidWith(phone);
    await paidWith(phone, client);
    expect(await rows("select * from user_phones where phone = ?", phone)).toHaveLength(1);
    expect((await claim(client, phone)).status).toBe(200);
  });

  it("stays in the profile of one who had claimed it before, whose other data can be changed", async () => {
    const phone = newPhone();
    const stranger = await journey.registerClient();
    await claim(stranger, phone);
    await paidWith(phone);
    const body = { phone, firstName: "Eva" };
    const { body: changed } = await journey.must(200, "PUT", "/me", { token: stranger.token, body });
    expect(changed.data).toMatchObject({ phone, firstName: "Eva" });
    expect((await claim(stranger, newPhone())).status).toBe(200);
    const back = await claim(stranger, phone);
    expect([back.status, back.body.code]).toEqual(taken);
  });

  it("is the first payer's, and hinders no acceptance of another who was paying with it", async () => {
    const phone = newPhone();
    const first = await journey.checkout(await journey.offerOnTable(), { phone });
    const second = await journey.checkout(await journey.offerOnTable(), { phone });
    for (const session of [first, second]) {
      await journey.pay(session);
      expect((await journey.accept(session)).status).toBe(204);
    }
    const refused = await claim(second.client, phone);
    expect([refused.status, refused.body.code]).toEqual(taken);
    expect((await claim(first.client, phone)).status).toBe(200);
  });

  it("is free again when its payer is deleted", async () => {
    const phone = newPhone();
    const { client, expert, testimonyId } = await paidWith(phone);
    await journey.advance(10);
    await journey.must(204, "POST", `/testimonies/${testimonyId}/complete`, { token: expert.token, body: {} });
    const body = { currentPassword: "correct-horse-9" };
    await journey.must(204, "DELETE", "/me", { token: client.token, body });
    expect(await rows("select * from user_phones")).toEqual([]);
    expect((await claim(await journey.registerClient(), phone)).status).toBe(200);
  });
});

describe("an e-mail that another has registered with", () => {
  it("comes to the owner of its mailbox, who ends the account and registers anew", async () => {
    const thief = await journey.registerClient();
    const body = { ...newExpert(), email: thief.email };
    const refused = await journey.call("POST", "/api/v1/auth/register/expert", { body });
    expect([refused.status, refused.body.code]).toEqual([422, "email_taken"]);

    const token = await resetTokenFor(journey, thief.email);
    const chosen = { password: "battery-7-staple", passwordConfirmation: "battery-7-staple" };
    await journey.must(204, "POST", "/auth/password/reset", { body: { email: thief.email, token, ...chosen } });
    expect((await journey.call("GET", "/api/v1/me", { token: thief.token })).status).toBe(401);
    const login = { email: thief.email, password: chosen.password };
    const owner = (await journey.must(200, "POST", "/auth/login", { body: login })).body.data.token;
    await journey.must(204, "DELETE", "/me", { token: owner, body: {} });
    await journey.must(201, "POST", "/auth/register/expert", { body });
  });
});
