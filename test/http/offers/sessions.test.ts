import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Person } from "../../journey";
import { journey } from "../checked";
import { linkIn, mailsTo, newestMail, resetTokenFor, verifyPathFor } from "./mailbox";

const password = "correct-horse-9";
const another = { password: "battery-7-staple", passwordConfirmation: "battery-7-staple" };

beforeEach(() => journey.reset());

const logIn = async ({ email }: Person, secret = password): Promise<Person> => {
  const { body } = await journey.must(200, "POST", "/auth/login", { body: { email, password: secret } });
  return { email, token: body.data.token };
};
const put = ({ token }: Person, body: object) => journey.call("PUT", "/api/v1/me", { token, body });
const statusOf = async ({ token }: Person) => (await journey.call("GET", "/api/v1/me", { token })).status;
const sessionsOf = async ({ token }: Person) =>
  (await journey.must(200, "GET", "/me/sessions", { token })).body.data as { id: string; current: boolean }[];

describe("a stolen token", () => {
  it("does not become the account", async () => {
    const owner = await journey.registerClient();
    const thief = owner; // the token of the owner's own session
    await journey.advance(16 * 60);
    const email = `thief-${owner.email}`;
    for (const body of [another, { email }, { ...another, email }]) {
      const refused = await put(thief, body);
      expect([refused.status, refused.body.code]).toEqual([422, "reauthentication_required"]);
      expect(refused.body.errors).toEqual({ currentPassword: ["Send the current password, or log in again."] });
      const guessed = await put(thief, { ...body, currentPassword: "guess-1234" });
      expect([guessed.status, guessed.body.code]).toEqual([422, "password_wrong"]);
    }
    expect((await journey.must(200, "GET", "/me", owner)).body.data.email).toBe(owner.email);
    expect((await put(thief, { firstName: "Jana", email: owner.email.toUpperCase() })).status).toBe(200);

    const back = await logIn(owner);
    expect((await put(back, another)).status).toBe(200);
    expect(await statusOf(thief)).toBe(401);
    expect(await statusOf(back)).toBe(200);
    await journey.must(401, "POST", "/auth/login", { body: { email: owner.email, password } });
  });

  it("leaves its thief no way to stay, whatever the thief tries before the owner acts", async () => {
    const owner = await journey.registerClient();
    const thief = { ...owner };
    await journey.advance(16 * 60); // the owner logged in a while ago
    const moved = `thief-${owner.email}`;

    // The account: neither another e-mail, nor another password, nor the owner's present one by guessing.
    for (const body of [another, { email: moved }]) {
      expect((await put(thief, body)).body.code).toBe("reauthentication_required");
      expect((await put(thief, { ...body, currentPassword: "guess-1234" })).body.code).toBe("password_wrong");
    }
    // A reset: its link goes to the owner, and the thief has none to guess.
    await journey.must(202, "POST", "/auth/password/email", { body: { email: owner.email } });
    const guess = { email: owner.email, token: "0".repeat(64), ...another };
    expect((await journey.call("POST", "/api/v1/auth/password/reset", { body: guess })).status).toBe(400);
    // A link that verifies: it proves an e-mail, and gives no session; another user's is of no use here.
    const accomplice = await journey.registerClient();
    const own = await verifyPathFor(journey, accomplice.email);
    expect((await journey.call("GET", `/api/v1${own}`)).status).toBe(204);
    expect((await journey.must(200, "GET", "/me", owner)).body.data.emailVerified).toBe(false);
    // More sessions: the token makes none, neither by registering nor by logging in.
    await journey.must(403, "POST", "/auth/register/client", { token: thief.token, body: {} });
    await journey.must(401, "POST", "/auth/login", {
      token: thief.token,
      body: { email: owner.email, password: "guess-1234" },
    });
    expect(await sessionsOf(thief)).toHaveLength(1);
    // The owner's other sessions can be ended by the thief, but not the way back in.
    await journey.must(204, "POST", "/auth/logout-all", thief);
    expect(await statusOf(thief)).toBe(401);

    // The owner's mailbox has the link, which ends whatever the thief still has.
    const stolen = await logIn(owner);
    const token = linkIn(await newestMail(journey, owner.email, "Reset")).get("token") ?? "";
    await journey.must(204, "POST", "/auth/password/reset", { body: { email: owner.email, token, ...another } });
    expect(await statusOf(stolen)).toBe(401);
    await journey.must(401, "POST", "/auth/login", { body: { email: owner.email, password } });
    await logIn(owner, another.password);
  });

  it("that was stolen within fifteen minutes of a login may take the e-mail, and the owner hears of it", async () => {
    const owner = await journey.registerClient();
    const pending = await resetTokenFor(journey, owner.email);
    const moved = `thief-${owner.email}`;
    expect((await put(owner, { email: moved })).status).toBe(200);
    const subjects = (await mailsTo(journey, owner.email)).map(({ subject }) => subject);
    expect(subjects.at(-1)).toBe("Accord: Your e-mail address was changed");
    // A link that was mailed to the old address ends with it, for whoever reads that mailbox.
    const late = { email: moved, token: pending, ...another };
    expect((await journey.call("POST", "/api/v1/auth/password/reset", { body: late })).status).toBe(400);
    const [user] = (await journey.operator("GET", `/users?email=${moved}`)).body.data;
    const note = { note: "The owner was identified by telephone." };
    expect((await journey.operator("POST", `/users/${user.id}/suspend`, note)).status).toBe(204);
    expect(await statusOf(owner)).toBe(401);
    await journey.must(202, "POST", "/auth/password/email", { body: { email: moved } });
    expect((await mailsTo(journey, moved)).filter(({ subject }) => subject.includes("Reset"))).toEqual([]);
  });

  it("is ended from the list of sessions, and by logging out everywhere", async () => {
    const owner = await journey.registerClient();
    const thief = await logIn(owner);
    const listed = await sessionsOf(owner);
    expect(listed.map(({ current }) => current)).toEqual([false, true]);
    expect(JSON.stringify(listed)).not.toContain(thief.token);
    const path = `/me/sessions/${listed[0]?.id.toUpperCase()}`;
    await journey.must(204, "DELETE", path, owner);
    expect(await statusOf(thief)).toBe(401);
    await journey.must(404, "DELETE", path, owner);

    const [second, third] = [await logIn(owner), await logIn(owner)];
    await journey.must(204, "POST", "/auth/logout-all", owner);
    expect(await Promise.all([owner, second, third].map(statusOf))).toEqual([401, 401, 401]);
  });

  it("sees and ends nobody else's sessions", async () => {
    const [owner, stranger] = [await journey.registerClient(), await journey.registerClient()];
    const [session] = await sessionsOf(owner);
    await journey.must(404, "DELETE", `/me/sessions/${session?.id}`, stranger);
    await journey.must(204, "POST", "/auth/logout-all", stranger);
    expect(await statusOf(owner)).toBe(200);
  });
});

describe("a change of e-mail or password", () => {
  it.each([
    ["password", another],
    ["e-mail", {}],
  ])("ends the other sessions with the present password: %s", async (what, body) => {
    const owner = await journey.registerClient();
    const other = await logIn(owner);
    await journey.advance(16 * 60);
    const change = what === "password" ? body : { email: `new-${owner.email}` };
    const answer = await put(owner, { ...change, currentPassword: password });
    expect(answer.status).toBe(200);
    expect(await Promise.all([owner, other].map(statusOf))).toEqual([200, 401]);
  });

  it("lets no login of the old password in that was underway", async () => {
    const owner = await journey.registerClient();
    const [changed, ...logins] = await Promise.all([
      put(owner, another),
      ...Array.from({ length: 4 }, () =>
        journey.call("POST", "/api/v1/auth/login", { body: { email: owner.email, password } }),
      ),
    ]);
    expect(changed.status).toBe(200);
    const inside = logins
      .filter(({ status }) => status === 200)
      .map(({ body }) => ({ ...owner, token: body.data.token }));
    expect(await Promise.all(inside.map(statusOf))).toEqual(inside.map(() => 401));
    expect(await statusOf(owner)).toBe(200);
  });

  it("is one of several at once, and never half of one", async () => {
    const owner = await journey.registerClient();
    const secrets = ["battery-1-staple", "battery-2-staple", "battery-3-staple"];
    const answers = await Promise.all(
      secrets.map((secret) =>
        put(owner, { password: secret, passwordConfirmation: secret, currentPassword: password }),
      ),
    );
    const winners = secrets.filter((_, at) => answers[at]?.status === 200);
    expect(winners).toHaveLength(1);
    await logIn(owner, winners[0]);
  });
});

describe("sessions", () => {
  it("are fifty at most: one more ends the oldest", async () => {
    const owner = await journey.registerClient();
    const [user] = await sessionsOf(owner);
    await env.DB.prepare(
      `INSERT INTO access_tokens SELECT hash || value, 'copy-' || value, prefix, user_id, created_at + value, expires_at, used_at, network
       FROM access_tokens, json_each(?) WHERE access_tokens.id = ?`,
    )
      .bind(JSON.stringify(Array.from({ length: 49 }, (_, at) => at + 1)), user?.id)
      .run();
    expect(await sessionsOf(owner)).toHaveLength(50);
    await journey.advance(1);
    const last = await logIn(owner);
    expect(await sessionsOf(last)).toHaveLength(50);
    expect(await statusOf(owner)).toBe(401);
  });

  it("tell their last use to the hour", async () => {
    const owner = await journey.registerClient();
    const used = async () => (await journey.must(200, "GET", "/me/sessions", owner)).body.data[0].lastUsedAt as string;
    const first = await used();
    await journey.advance(50 * 60);
    expect(await used()).toBe(first);
    await journey.advance(15 * 60);
    await used();
    await journey.advance(1); // the queue has worked
    expect(Date.parse(await used()) - Date.parse(first)).toBeGreaterThanOrEqual(65 * 60 * 1_000);
  });

  it("are in the user's journal, without secrets", async () => {
    const owner = await journey.registerClient();
    const second = await logIn(owner);
    await journey.must(204, "POST", "/auth/logout-all", second);
    const { results } = await env.DB.prepare(
      "SELECT name, data FROM journal WHERE aggregate_id = (SELECT user_id FROM user_emails WHERE email = ?) ORDER BY version",
    )
      .bind(owner.email)
      .all<{ name: string; data: string }>();
    expect(results.map(({ name }) => name)).toEqual(["register-client", "log-in", "log-out-everywhere"]);
    expect(JSON.stringify(results)).not.toMatch(/acc_|@/);
  });
});
