import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/app";
import { buildDeps } from "../../../src/container";
import { perform } from "../../../src/operations/perform";
import { linkIn, type Mail, mailerAnswers, mailsTo, resetTokenFor } from "../../http/offers/mailbox";
import { Journey, newClient } from "../../journey";
import { rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
const chosen = { password: "battery-7-staple", passwordConfirmation: "battery-7-staple" };

beforeEach(() => journey.reset());
afterEach(() => vi.restoreAllMocks());

const ask = (email: string) => journey.must(202, "POST", "/auth/password/email", { body: { email } });
const reset = async (email: string, token: string) =>
  (await journey.call("POST", "/api/v1/auth/password/reset", { body: { email, token, ...chosen } })).status;
const resets = async (email: string) =>
  (await mailsTo(journey, email)).filter(({ subject }) => subject.includes("Reset"));
const tokenIn = (mail: Mail | undefined) => (mail ? (linkIn(mail).get("token") ?? "") : "");

/** Collects the events that are logged from now on, with what they tell of mails. */
function logged(): { event: string; kind?: string; attempts?: number }[] {
  const lines: { event: string }[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  }
  return lines;
}

const ofMails = (lines: ReturnType<typeof logged>) =>
  lines.filter(({ event }) => event.startsWith("mail")).map(({ event, attempts }) => [event, attempts]);

describe("a mail that could not be sent", () => {
  it("is sent again after a while, longer each time, and every link of it works", async () => {
    const { email } = await journey.registerClient();
    await journey.advance(0);
    await mailerAnswers(journey, "fail"); // the mail has gone out, and the answer says that it has not
    await ask(email);
    expect(await resets(email)).toHaveLength(1);
    await journey.advance(25);
    expect(await resets(email)).toHaveLength(1);
    for (const [seconds, count] of [
      [6, 2],
      [55, 2],
      [6, 3],
    ] as const) {
      await journey.advance(seconds);
      expect(await resets(email)).toHaveLength(count);
    }
    await mailerAnswers(journey, "ok");
    await journey.advance(121);
    const mails = await resets(email);
    expect(mails).toHaveLength(4);
    await journey.advance(5 * 60);
    expect(await resets(email)).toHaveLength(4);
    expect(new Set(mails.map(({ key }) => key)).size).toBe(4);
    expect(new Set(mails.map(tokenIn)).size).toBe(4);
    expect(await reset(email, tokenIn(mails[0]))).toBe(204);
    expect(await reset(email, tokenIn(mails[3]))).toBe(400);
  });

  it("is given up when its link has expired, which the log tells", async () => {
    const { email } = await journey.registerClient();
    await journey.advance(0);
    await mailerAnswers(journey, "fail");
    await ask(email);
    await journey.advance(0);
    const lines = logged();
    for (let minutes = 0; minutes < 25; minutes += 5) await journey.advance(5 * 60);
    const told = ofMails(lines).filter(([event]) => event !== "mail_not_sent");
    expect(told).toEqual([["mail_given_up", expect.any(Number)]]);
    expect(await rows("select * from mails where kind = 'reset-password'")).toEqual([]);
    expect(JSON.stringify(lines)).not.toContain(email);
  });

  it("is tried for a day if it tells of a change, also of a change that was changed again", async () => {
    const owner = await journey.registerClient();
    await journey.advance(0);
    await mailerAnswers(journey, "fail");
    const change = (email: string) => journey.must(200, "PUT", "/me", { token: owner.token, body: { email } });
    await change(`second-${owner.email}`);
    await change(`third-${owner.email}`);
    await journey.advance(20 * 60);
    await mailerAnswers(journey, "ok");
    await journey.advance(60 * 60);
    for (const address of [owner.email, `second-${owner.email}`]) {
      expect((await mailsTo(journey, address)).at(-1)?.subject).toBe("Accord: Your e-mail address was changed");
    }
  });

  it("whose message was lost is found by the clock", async () => {
    const { email } = await journey.registerClient();
    await journey.advance(0);
    const [verifying] = await rows<{ user_id: string }>("select user_id from mails");
    const message = { command: { name: "send-mail", input: { userId: verifying?.user_id, id: "verify-email" } } };
    await (env as unknown as { WORK: Queue }).WORK.send(message);
    expect(await mailsTo(journey, email)).toHaveLength(1); // a message that comes twice sends nothing
    await rows("update mails set sent_at = null, attempts = 0, due_at = 1");
    await journey.advance(1);
    expect(await mailsTo(journey, email)).toHaveLength(2);
  });
});

it("two attempts at once send one mail", async () => {
  const { email } = await journey.registerClient();
  await journey.advance(0);
  const [row] = await rows<{ user_id: string }>("select user_id from mails");
  await rows("update mails set sent_at = null, attempts = 0, due_at = 1");
  const command = { name: "send-mail", input: { userId: row?.user_id ?? "", id: "verify-email" } } as const;
  const attempts = [1, 2, 3].map(async (number) => {
    const deps = await buildDeps(env, `attempt-${number}`);
    return perform(deps, command, { requestId: deps.requestId });
  });
  await Promise.all(attempts);
  expect(await mailsTo(journey, email)).toHaveLength(2);
});

it("what was sent is deleted when its link has expired, and the owner's address with it", async () => {
  const { email } = await journey.registerClient();
  await resetTokenFor(journey, email);
  expect(await rows("select kind from mails")).toHaveLength(2);
  await journey.advance(15 * 60);
  expect(await rows("select kind from mails")).toEqual([]);
});

describe("without a mailer", () => {
  const unset = { ...env, MAIL_FROM: "" };

  it("people register and ask as usual, and the log says that no mail goes out", async () => {
    const lines = logged();
    const app = createApp();
    const post = async (path: string, body: object) => {
      const headers = { "Content-Type": "application/json" };
      const request = new Request(`http://localhost/api/v1${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return (await app.fetch(request, unset)).status;
    };
    const person = newClient();
    expect(await post("/auth/register/client", person)).toBe(201);
    expect(await rows("select * from mails")).toEqual([]);
    const deps = await buildDeps(unset, "without-a-mailer");
    const command = { name: "request-mail", input: { kind: "reset-password", email: person.email } } as const;
    await perform(deps, command, { requestId: deps.requestId });
    expect(ofMails(lines).map(([event]) => event)).toEqual(["mailer_missing", "mailer_missing"]);
    expect(await rows("select * from mails")).toEqual([]);
    expect(await post("/auth/password/email", { email: person.email })).toBe(202);
    await journey.advance(0);
  });

  it("a mail that waits is given up", async () => {
    await journey.registerClient();
    await journey.advance(0);
    const [row] = await rows<{ user_id: string }>("select user_id from mails");
    await rows("update mails set sent_at = null, attempts = 0, due_at = 1");
    const deps = await buildDeps(unset, "without-a-mailer");
    const command = { name: "send-mail", input: { userId: row?.user_id ?? "", id: "verify-email" } } as const;
    await perform(deps, command, { requestId: deps.requestId });
    expect(await rows("select * from mails")).toEqual([]);
  });
});
