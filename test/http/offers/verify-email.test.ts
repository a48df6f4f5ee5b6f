import { beforeEach, expect, it } from "vitest";
import type { Person } from "../../journey";
import { journey } from "../checked";
import { mailsTo, newestMail, verifyPathFor } from "./mailbox";

beforeEach(() => journey.reset());

const isVerified = async ({ token }: Person) =>
  (await journey.must(200, "GET", "/me", { token })).body.data.emailVerified;
const follow = (path: string) => journey.call("GET", `/api/v1${path}`);
const resend = (email: string) => journey.must(204, "POST", "/auth/email/verify/resend", { body: { email } });

it("a registration is mailed a link that verifies the e-mail, once", async () => {
  for (const owner of [await journey.registerClient(), await journey.registerExpert()]) {
    expect(await isVerified(owner)).toBe(false);
    const path = await verifyPathFor(journey, owner.email);
    expect(path).toMatch(/^\/auth\/email\/verify\/[\w-]+\/[0-9a-f]{40}\?expires=\d+&signature=[0-9a-f]{64}$/);
    expect((await follow(path)).status).toBe(204);
    expect(await isVerified(owner)).toBe(true);
    const again = await follow(path);
    expect([again.status, again.body.message, again.body.code]).toEqual([
      409,
      "Email has already been verified.",
      "email_verified",
    ]);
  }
});

it("no other link verifies it", async () => {
  const [owner, stranger] = [await journey.registerClient(), await journey.registerClient()];
  const [own, other] = [await verifyPathFor(journey, owner.email), await verifyPathFor(journey, stranger.email)];
  const [, , , , ownId = ""] = own.split("/");
  const [, , , , otherId = ""] = other.split("/");
  const wrong = [
    own.replace(ownId, otherId),
    own.replace(ownId, "nobody"),
    own.replace(/signature=\w+/, `signature=${"0".repeat(64)}`),
    own.replace(/expires=\d+/, "expires=99999999999"),
    own.replace(/[0-9a-f]{40}/, "0".repeat(40)),
  ];
  for (const path of wrong) {
    const refused = await follow(path);
    expect([refused.status, refused.body.code], path).toEqual([422, "link_invalid"]);
  }
  expect([await isVerified(owner), await isVerified(stranger)]).toEqual([false, false]);
  expect((await follow(own.replace(/&signature.*/, ""))).body.errors).toEqual({
    signature: ["The signature field is required."],
  });
  expect((await follow(own)).status).toBe(204);
});

it("works once under a race", async () => {
  const owner = await journey.registerClient();
  const path = await verifyPathFor(journey, owner.email);
  const answers = await Promise.all([1, 2, 3].map(() => follow(path)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
});

it("works for fifteen minutes, after which another one is asked for", async () => {
  const owner = await journey.registerClient();
  const first = await verifyPathFor(journey, owner.email);
  await resend(owner.email);
  expect(await verifyPathFor(journey, owner.email)).toBe(first); // not within five minutes
  await journey.advance(15 * 60);
  expect((await follow(first)).status).toBe(422);
  await resend(owner.email);
  expect((await follow(await verifyPathFor(journey, owner.email))).status).toBe(204);
  await journey.advance(15 * 60);
  const before = (await mailsTo(journey, owner.email)).length;
  await resend(owner.email); // nothing is left to verify
  expect(await mailsTo(journey, owner.email)).toHaveLength(before);
});

it("another e-mail is verified anew, the old address is told, and its link ends", async () => {
  const owner = await journey.registerClient();
  const old = await verifyPathFor(journey, owner.email);
  const moved = `new-${owner.email}`;
  await journey.must(200, "PUT", "/me", { token: owner.token, body: { email: moved } });
  expect((await follow(old)).status).toBe(422);
  await journey.advance(0);
  const told = await newestMail(journey, owner.email, "e-mail address was changed");
  expect(told.text).not.toContain(moved);
  expect((await follow(await verifyPathFor(journey, moved))).status).toBe(204);
  expect(await isVerified(owner)).toBe(true);
  const third = `newer-${owner.email}`;
  await journey.must(200, "PUT", "/me", { token: owner.token, body: { email: third } });
  expect(await isVerified(owner)).toBe(false);
  await journey.must(200, "PUT", "/me", { token: owner.token, body: { email: third.toUpperCase() } });
  expect((await mailsTo(journey, third.toUpperCase())).length).toBe(0);
});
