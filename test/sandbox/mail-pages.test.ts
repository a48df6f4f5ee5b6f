import { exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { mailsTo } from "../http/offers/mailbox";
import { Journey } from "../journey";
import { visit } from "./sandbox";
import { mistakesIn } from "./well-formed";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

/** Shows a page, which must be well-formed, and returns its markup. */
async function show(path: string, status = 200, fields?: Record<string, string>): Promise<string> {
  const init = fields ? { method: "POST", body: new URLSearchParams(fields) } : {};
  const response = await visit(path, init);
  const markup = await response.text();
  expect(response.status, markup).toBe(status);
  expect(mistakesIn(markup)).toEqual([]);
  return markup;
}

/** Returns the link of a mail as the page shows it, below the origin. */
function linkTo(page: string, markup: string): string {
  const [, path = ""] = new RegExp(`href="http://localhost:8787(/sandbox/${page}[^"]*)"`).exec(markup) ?? [];
  return path.replaceAll("&amp;", "&");
}

it("the mails are shown, and their links lead to pages that do what they say", async () => {
  expect(await show("/sandbox/mails")).toContain("Nothing yet.");
  const owner = await journey.registerClient();
  await mailsTo(journey, owner.email);
  const verify = linkTo("verify-email", await show("/sandbox/mails"));
  const isVerified = async () => (await journey.must(200, "GET", "/me", owner)).body.data.emailVerified;
  await show(verify);
  expect(await isVerified()).toBe(false); // a mail program that follows the link does nothing
  expect(await show(verify, 200, {})).toContain("The e-mail address is confirmed.");
  expect(await isVerified()).toBe(true);
  expect(await show(verify, 409, {})).toContain("Email has already been verified.");
  expect(await show("/sandbox/verify-email?url=/api/v1/me", 404, {})).toContain("<form");

  await journey.must(202, "POST", "/auth/password/email", { body: { email: owner.email } });
  await mailsTo(journey, owner.email);
  const reset = linkTo("reset-password", await show("/sandbox/mails"));
  expect(await show(reset)).toContain("New password");
  const common = { password: "password1", passwordConfirmation: "password1" };
  expect(await show(reset, 422, common)).toContain("The password field is too easy to guess.");
  const chosen = { password: "battery-7-staple", passwordConfirmation: "battery-7-staple" };
  expect(await show(reset, 200, chosen)).toContain("The password is set");
  expect(await show(reset, 400, chosen)).toContain("Failed to reset password.");
  await journey.must(200, "POST", "/auth/login", { body: { email: owner.email, password: chosen.password } });
});

it("what anybody posts to the mailer's box is shown as text, or not at all", async () => {
  const post = (body: string) => visit("/sandbox/inbox/mail", { method: "POST", body });
  await post("not JSON");
  await post(JSON.stringify({ to: 1 }));
  const evil = '"><script>alert(1)</script>';
  await post(JSON.stringify({ to: evil, subject: evil, text: `javascript:alert(1)\nhttp://x/"><script>\n${evil}` }));
  const markup = await show("/sandbox/mails");
  expect(markup).not.toContain("<script>alert");
  expect(markup).not.toContain('href="javascript');
  expect(markup.match(/<article/g)).toHaveLength(1);
});
