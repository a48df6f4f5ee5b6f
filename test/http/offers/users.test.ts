import { describe, expect, it } from "vitest";
import { callRaw, journey } from "../checked";

const password = "correct-horse-9";
const registration = (changes: object = {}) =>
  JSON.stringify({
    email: `user-${crypto.randomUUID()}@example.com`,
    password,
    passwordConfirmation: password,
    newsletterSubscribed: true,
    termsAgreed: true,
    ...changes,
  });
const register = (changes: object = {}, token?: string) =>
  callRaw("POST", "/api/v1/auth/register/client", { body: registration(changes), token });

describe("registration", () => {
  it("of an expert or a client is for nobody who is logged in", async () => {
    const { token } = await journey.registerClient();
    const asExpert = await callRaw("POST", "/api/v1/auth/register/expert", { token, body: "{}" });
    for (const answer of [asExpert, await register({}, token)]) {
      expect([answer.status, answer.body.code]).toEqual([403, "already_authenticated"]);
    }
  });

  it("names everything that is missing", async () => {
    const { body } = await callRaw("POST", "/api/v1/auth/register/client", { body: "{}" });
    expect(body).toMatchObject({
      message: "The email field is required. (and 3 more errors)",
      errors: { termsAgreed: ["The terms agreed field must be accepted."] },
    });
  });

  it("tells a wrong confirmation at the password", async () => {
    const { body } = await register({ passwordConfirmation: "another-1" });
    expect(body.errors).toEqual({ password: ["The password field confirmation does not match."] });
  });

  it("keeps e-mails unique, whatever their case", async () => {
    const email = `User-${crypto.randomUUID()}@example.com`;
    expect((await register({ email })).status).toBe(201);
    const { status, body } = await register({ email: ` ${email.toUpperCase()} ` });
    expect([status, body.message]).toEqual([422, "The email has already been taken."]);
  });

  it("lets one of many at once have the e-mail", async () => {
    const email = `race-${crypto.randomUUID()}@example.com`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => register({ email })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(422)]);
  });

  it("is not for who is logged in", async () => {
    const client = await journey.registerClient();
    const { status, body } = await register({}, client.token);
    expect([status, body.message]).toEqual([403, "Access denied."]);
    expect((await register({}, "nonsense")).status).toBe(201);
  });
});

describe("what people paste", () => {
  const id = () => crypto.randomUUID().slice(0, 8);

  it.each([
    ["user&co", "example.com", "example.com"],
    ["o'hara+shop/2", "sub.example.co.uk", "sub.example.co.uk"],
    ["jana", "\u202aexample.com\u202c ", "example.com"],
    ["jana", "bücher.example", "xn--bcher-kva.example"],
    ["Jana", "EXAMPLE.com", "EXAMPLE.com"],
  ])("is an e-mail: %s at %s", async (name, domain, kept) => {
    const local = `${name}${id()}`;
    const { body } = await register({ email: `${local}@${domain}` });
    const me = await journey.must(200, "GET", "/me", { token: body.data.token });
    expect(me.body.data.email).toBe(`${local}@${kept}`);
    await journey.must(200, "POST", "/auth/login", { body: { email: `${local}@${domain}`, password } });
  });

  it.each([
    "a..b@example.com",
    ".a@example.com",
    "a@b",
    "a@1.2.3.4",
    "a@[::1]",
    "a@-x.example",
    "a@b@c.example",
    "é@example.com",
    "a@example.com/d",
  ])("is none: %s", async (email) => {
    const { status, body } = await register({ email });
    expect([status, body.errors]).toEqual([422, { email: ["The email field must be a valid email address."] }]);
  });

  it("is a phone and an IBAN, with the marks that came along", async () => {
    const expert = await journey.registerExpert();
    const number = `90${String(Date.now()).slice(-7)}`;
    const body = {
      phone: `\u202a+421\u00a0${number}\u202c`,
      bankAccount: { iban: "SK31\u00a01200 0000\u200b 1987 4263 7541" },
    };
    const answer = await journey.must(200, "PUT", "/me", { token: expert.token, body });
    expect(answer.body.data).toMatchObject({
      phone: `+421${number}`,
      bankAccount: { iban: "SK3112000000198742637541" },
    });
  });
});

describe("ids", () => {
  it("are taken in whatever case", async () => {
    const { testimonyId, client } = await journey.offerOnTable({ onboarded: false });
    const path = `/testimonies/${testimonyId.toUpperCase()}`;
    expect((await journey.must(200, "GET", path, { token: client.token })).body.data.id).toBe(testimonyId);
  });

  it("are one request under one key in whatever case", async () => {
    const { testimonyId, client } = await journey.offerOnTable({ onboarded: false });
    const cancel = (id: string) =>
      journey.call("POST", `/api/v1/testimonies/${id}/cancel`, {
        token: client.token,
        body: {},
        headers: { "Idempotency-Key": "one" },
      });
    expect((await cancel(testimonyId)).status).toBe(204);
    expect((await cancel(testimonyId.toUpperCase())).status).toBe(204);
  });
});

describe("logging in and out", () => {
  it("gives another token, and ends only the one that is sent", async () => {
    const client = await journey.registerClient();
    const login = { email: client.email.toUpperCase(), password };
    const { body } = await journey.must(200, "POST", "/auth/login", { body: login });
    await journey.must(204, "POST", "/auth/logout", { token: body.data.token });
    await journey.must(401, "GET", "/me", { token: body.data.token });
    await journey.must(200, "GET", "/me", { token: client.token });
  });

  it("says the same of a wrong password and of an unknown e-mail", async () => {
    const client = await journey.registerClient();
    const wrong = await journey.must(401, "POST", "/auth/login", {
      body: { email: client.email, password: "wrong-1234" },
    });
    const nobody = await journey.must(401, "POST", "/auth/login", { body: { email: "nobody@example.com", password } });
    expect(wrong.body.message).toBe("Unauthenticated.");
    expect({ ...wrong.body, requestId: "" }).toEqual({ ...nobody.body, requestId: "" });
  });
});

describe("the profile", () => {
  it("has twelve members, in order, and no id", async () => {
    const client = await journey.registerClient();
    const { body } = await journey.must(200, "GET", "/me", { token: client.token });
    expect(Object.keys(body.data)).toEqual([
      "email",
      "phone",
      "role",
      "firstName",
      "lastName",
      "billingAddress",
      "shippingAddress",
      "company",
      "bankAccount",
      "regions",
      "emailVerified",
      "newsletterSubscribed",
    ]);
  });

  it("changes what is sent and nothing else; the company as a whole", async () => {
    const { token } = await journey.registerClient();
    const put = async (body: object) => (await journey.must(200, "PUT", "/me", { token, body })).body.data;
    expect(await put({ firstName: " Jana ", company: { businessId: "1", taxId: "2", vatId: "SK3" } })).toMatchObject({
      firstName: "Jana",
      lastName: null,
      company: { businessId: "1", taxId: "2", vatId: "SK3" },
    });
    expect(await put({ company: { businessId: "1", taxId: "2" } })).toMatchObject({
      firstName: "Jana",
      company: { businessId: "1", taxId: "2", vatId: null },
    });
    expect(await put({ newsletterSubscribed: true })).toMatchObject({ newsletterSubscribed: true });
    expect(await put({ newsletterSubscribed: false, regions: ["ba"] })).toMatchObject({
      newsletterSubscribed: false,
      regions: null,
    });
    expect(await put({})).toMatchObject({ firstName: "Jana" });
  });

  it("frees the e-mail that was changed, and takes the new password", async () => {
    const client = await journey.registerClient();
    const email = `new-${client.email}`;
    const body = { email, password: "battery-7-staple", passwordConfirmation: "battery-7-staple" };
    await journey.must(200, "PUT", "/me", { token: client.token, body });
    expect((await register({ email: client.email })).status).toBe(201);
    await journey.must(200, "POST", "/auth/login", { body: { email, password: body.password } });
    await journey.must(401, "POST", "/auth/login", { body: { email, password } });
  });

  it("takes no e-mail that somebody else has", async () => {
    const [client, other] = [await journey.registerClient(), await journey.registerClient()];
    const body = { email: other.email.toUpperCase() };
    const answer = await journey.call("PUT", "/api/v1/me", { token: client.token, body });
    expect([answer.status, answer.body.message]).toEqual([422, "The email has already been taken."]);
  });

  it("survives changes at once", async () => {
    const { token } = await journey.registerClient();
    const [first, last] = await Promise.all([
      journey.call("PUT", "/api/v1/me", { token, body: { firstName: "Jana" } }),
      journey.call("PUT", "/api/v1/me", { token, body: { lastName: "Nová" } }),
    ]);
    expect([first.status, last.status]).toEqual([200, 200]);
    const { body } = await journey.must(200, "GET", "/me", { token });
    expect(body.data).toMatchObject({ firstName: "Jana", lastName: "Nová" });
  });
});
