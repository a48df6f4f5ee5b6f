import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Person } from "../../journey";
import { journey } from "../checked";
import { mailsTo, newestMail, resetTokenFor } from "./mailbox";

const password = "correct-horse-9";
const chosen = { password: "battery-7-staple", passwordConfirmation: "battery-7-staple" };

beforeEach(() => journey.reset());

const ask = (email: string) => journey.must(202, "POST", "/auth/password/email", { body: { email } });
const reset = (email: string, token: string, body: object = chosen) =>
  journey.call("POST", "/api/v1/auth/password/reset", { body: { email, token, ...body } });
const logIn = (email: string, secret: string) =>
  journey.call("POST", "/api/v1/auth/login", { body: { email, password: secret } });
const statusOf = async ({ token }: Person) => (await journey.call("GET", "/api/v1/me", { token })).status;
const rowsOf = async () => (await env.DB.prepare("SELECT * FROM mails").all()).results;

describe("the link that resets a password", () => {
  it("sets the password, ends all sessions and itself, and the owner is told", async () => {
    const owner = await journey.registerClient();
    const token = await resetTokenFor(journey, owner.email);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect((await reset(owner.email.toUpperCase(), token)).status).toBe(204);
    expect(await statusOf(owner)).toBe(401);
    expect((await logIn(owner.email, password)).status).toBe(401);
    expect((await logIn(owner.email, chosen.password)).status).toBe(200);
    const again = await reset(owner.email, token);
    expect([again.status, again.body.message, again.body.code]).toEqual([
      400,
      "Failed to reset password.",
      "reset_refused",
    ]);
    const told = await newestMail(journey, owner.email, "password was changed");
    expect(told.text).not.toContain("http");
    const { results } = await env.DB.prepare(
      "SELECT name FROM journal WHERE aggregate_id = (SELECT user_id FROM user_emails WHERE email = ?) ORDER BY version",
    )
      .bind(owner.email)
      .all<{ name: string }>();
    expect(results.map(({ name }) => name)).toEqual(["register-client", "reset-password", "log-in"]);
  });

  it("is nowhere but in the mail", async () => {
    const owner = await journey.registerClient();
    const token = await resetTokenFor(journey, owner.email);
    const rows = JSON.stringify(await rowsOf());
    expect(rows).not.toContain(token);
    expect(rows).toContain("reset-password");
  });

  it("works for its owner alone, and for no other kind of link", async () => {
    const [owner, stranger] = [await journey.registerClient(), await journey.registerClient()];
    const token = await resetTokenFor(journey, owner.email);
    const verifying = (await newestMail(journey, owner.email, "Confirm")).text.match(/signature%3D(\w+)/)?.[1] ?? "";
    const refused = [
      await reset(stranger.email, token),
      await reset("nobody@example.com", token),
      await reset(owner.email, "0".repeat(64)),
      await reset(owner.email, verifying),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect((await reset(owner.email, token)).status).toBe(204);
  });

  it("works for fifteen minutes", async () => {
    const owner = await journey.registerClient();
    const token = await resetTokenFor(journey, owner.email);
    await journey.advance(15 * 60);
    expect((await reset(owner.email, token)).status).toBe(400);
  });

  it("is ended by a newer one, of which there is none within five minutes", async () => {
    const owner = await journey.registerClient();
    const first = await resetTokenFor(journey, owner.email);
    await journey.advance(4 * 60);
    expect(await resetTokenFor(journey, owner.email)).toBe(first);
    expect(await mailsTo(journey, owner.email)).toHaveLength(2); // the first verifies the e-mail
    await journey.advance(61);
    const second = await resetTokenFor(journey, owner.email);
    expect((await reset(owner.email, first)).status).toBe(400);
    expect((await reset(owner.email, second)).status).toBe(204);
  });

  it("works once under a race", async () => {
    const owner = await journey.registerClient();
    const token = await resetTokenFor(journey, owner.email);
    const secrets = ["battery-1-staple", "battery-2-staple", "battery-3-staple", "battery-4-staple"];
    const answers = await Promise.all(
      secrets.map((secret) => reset(owner.email, token, { password: secret, passwordConfirmation: secret })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400]);
    const winner = secrets[answers.findIndex(({ status }) => status === 204)] ?? "";
    expect((await logIn(owner.email, winner)).status).toBe(200);
  });

  it("is left as it is by a password that is refused", async () => {
    const owner = await journey.registerClient();
    const token = await resetTokenFor(journey, owner.email);
    const common = await reset(owner.email, token, { password: "Password123", passwordConfirmation: "Password123" });
    expect([common.status, common.body.code]).toEqual([422, "password_guessable"]);
    const unequal = await reset(owner.email, token, {
      password: "battery-7-staple",
      passwordConfirmation: "other-9-one",
    });
    expect([unequal.status, unequal.body.errors]).toEqual([
      422,
      { password: ["The password field confirmation does not match."] },
    ]);
    expect((await reset(owner.email, token)).status).toBe(204);
  });

  it("is ended by any other change of password or e-mail", async () => {
    const owner = await journey.registerClient();
    const token = await resetTokenFor(journey, owner.email);
    const moved = `new-${owner.email}`;
    await journey.must(200, "PUT", "/me", { token: owner.token, body: { email: moved } });
    expect([(await reset(owner.email, token)).status, (await reset(moved, token)).status]).toEqual([400, 400]);
    const another = await resetTokenFor(journey, moved);
    await journey.must(200, "PUT", "/me", { token: owner.token, body: { password, passwordConfirmation: password } });
    expect((await reset(moved, another)).status).toBe(400);
  });

  it("is not sent to somebody who is suspended, and no longer works", async () => {
    const owner = await journey.registerClient();
    const token = await resetTokenFor(journey, owner.email);
    const [user] = (await journey.operator("GET", `/users?email=${owner.email}`)).body.data;
    const note = { note: "The owner was identified by telephone." };
    expect((await journey.operator("POST", `/users/${user.id}/suspend`, note)).status).toBe(204);
    expect((await reset(owner.email, token)).status).toBe(400);
    await journey.advance(6 * 60);
    const before = (await mailsTo(journey, owner.email)).length;
    await ask(owner.email);
    expect(await mailsTo(journey, owner.email)).toHaveLength(before);
  });
});

it("a request takes nothing but an e-mail, and refuses what is none", async () => {
  for (const body of [{ email: "nobody" }, {}, { email: "a@example.com", role: "client" }]) {
    const { status } = await journey.call("POST", "/api/v1/auth/password/email", { body });
    expect(status).toBe(422);
  }
});
