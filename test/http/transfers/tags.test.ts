import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { walk } from "./world";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await walk.tenant({ name: "WalletApp" });
});

describe("a subject", () => {
  const create = (body: object, who = tenant) => walk.ask(who, "POST", "/subjects", body);

  it("is made with everything, or with its id alone", async () => {
    const sent = {
      externalId: "somebody-7",
      displayName: "Alice",
      email: "alice@example.com",
      imageUrl: "https://example.com/alice.png",
      metadata: { vip: true, note: null },
    };
    const { status, body } = await create(sent);
    expect([status, body.message]).toEqual([201, "Subject created"]);
    expect(body.data).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      applicationId: tenant.id,
      applicationName: "WalletApp",
      ...sent,
      createdAt: expect.any(String),
    });
    const least = (await create({ externalId: "somebody-8" })).body.data;
    expect(Object.keys(least)).toEqual(["id", "applicationId", "applicationName", "externalId", "createdAt"]);
    for (const subject of [body.data, least]) {
      expect(await walk.must(tenant, "GET", `/subjects/${subject.id}`)).toEqual(subject);
    }
    const listed = await walk.must(tenant, "GET", "/subjects");
    expect(listed.slice(-2)).toEqual([body.data, least]);
  });

  it("is one for each external id of an application", async () => {
    expect((await create({ externalId: "once" })).status).toBe(201);
    const again = await create({ externalId: "once" });
    expect([again.status, again.body.errorCode]).toEqual([409, "DUPLICATE_SUBJECT"]);
    const other = await walk.tenant();
    expect((await create({ externalId: "once" }, other)).status).toBe(201);
  });

  it("is seen by nobody else", async () => {
    const other = await walk.tenant();
    const answer = await walk.ask(other, "GET", `/subjects/${tenant.subjectId}`);
    expect([answer.status, answer.body.errorCode]).toEqual([404, "SUBJECT_NOT_FOUND"]);
    expect(JSON.stringify(await walk.must(other, "GET", "/subjects"))).not.toContain(tenant.id);
  });

  it.each([
    [{}, ["externalId is required"]],
    [{ externalId: "x".repeat(256) }, ["externalId must be at most 255 characters"]],
    [{ externalId: "1", displayName: "x".repeat(151) }, ["displayName must be at most 150 characters"]],
    [{ externalId: "1", email: "nonsense" }, ["email must be an e-mail address"]],
    [{ externalId: "1", email: `${"x".repeat(190)}@example.com` }, ["email must be at most 200 characters"]],
    [
      { externalId: "1", imageUrl: `https://example.com/${"x".repeat(981)}` },
      ["imageUrl must be at most 1000 characters"],
    ],
    [{ externalId: "1", imageUrl: "data:image/png;base64,AA" }, ["imageUrl must be an http or https address"]],
  ])("is refused: %j", async (body, errors) => {
    const answer = await create(body);
    expect([answer.status, answer.body.errorCode, answer.body.errors]).toEqual([400, "VALIDATION_ERROR", errors]);
  });
});

describe("a tag", () => {
  const create = (body: object, who = tenant) => walk.ask(who, "POST", "/tags", body);
  const give = (tagString: string, who = tenant) => create({ subjectId: who.subjectId, tagString }, who);

  it("is given to a subject, and known by the application's handle", async () => {
    const { status, body } = await give("@Alice.B-1_x");
    expect([status, body.message]).toEqual([201, "Tag created"]);
    expect(body.data).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      tagString: "alice.b-1_x",
      qualifiedTag: `alice.b-1_x@${tenant.handle}`,
      subjectId: tenant.subjectId,
      applicationId: tenant.id,
      applicationName: "WalletApp",
      appHandle: tenant.handle,
      active: true,
      createdAt: expect.any(String),
    });
  });

  it("is one for each name in an application, in whatever case", async () => {
    expect((await give("unique")).status).toBe(201);
    for (const again of ["unique", "@UNIQUE"]) {
      const answer = await give(again);
      expect([answer.status, answer.body.errorCode]).toEqual([409, "DUPLICATE_TAG"]);
    }
    expect((await give("unique", await walk.tenant())).status).toBe(201);
  });

  it("cannot be made for a subject of another application", async () => {
    const other = await walk.tenant();
    const answer = await create({ subjectId: other.subjectId, tagString: "stolen" });
    expect([answer.status, answer.body.errorCode]).toEqual([404, "SUBJECT_NOT_FOUND"]);
  });

  it.each([
    ["ab", "tagString must be between 3 and 64 characters"],
    ["@ab", "tagString must be between 3 and 64 characters"],
    ["x".repeat(65), "tagString must be between 3 and 64 characters"],
    ["a b", expect.stringMatching(/^tagString must be of letters, /)],
    ["-ab", expect.stringMatching(/^tagString must be of letters, /)],
    ["alice@walletapp", expect.stringMatching(/^tagString must be of letters, /)],
    ["@@alice", expect.stringMatching(/^tagString must be of letters, /)],
    ["álice", expect.stringMatching(/^tagString must be of letters, /)],
  ])("is refused: %s", async (tagString, error) => {
    const answer = await give(tagString);
    expect([answer.status, answer.body.errorCode]).toEqual([400, "VALIDATION_ERROR"]);
    expect([answer.body.message, answer.body.errors]).toEqual(["Validation failed", [error]]);
  });

  it("needs a subject that could exist", async () => {
    const answer = await create({ subjectId: "nonsense", tagString: "alice" });
    expect([answer.status, answer.body.errors]).toEqual([400, ["subjectId must be a UUID"]]);
  });
});

describe("resolving a tag", () => {
  const resolve = (tag: string) => walk.ask(undefined, "GET", `/tags/${encodeURIComponent(tag)}`);

  it("tells everybody whose it is, in every notation, and nothing about the person", async () => {
    const name = `dora-${crypto.randomUUID().slice(0, 8)}`;
    const address = await walk.anotherTag(tenant, name);
    for (const written of [name, `@${name}`, address, `@${address}`, address.toUpperCase()]) {
      const { status, body } = await resolve(written);
      expect([status, body.data]).toEqual([
        200,
        { tagString: name, qualifiedTag: address, applicationName: "WalletApp", active: true },
      ]);
    }
  });

  it("is 409 while several applications have it, and says which of them only when asked for one", async () => {
    const name = `emil-${crypto.randomUUID().slice(0, 8)}`;
    const other = await walk.tenant({ name: "ShopApp" });
    const [own, theirs] = [await walk.anotherTag(tenant, name), await walk.anotherTag(other, name)];
    const ambiguous = await resolve(name);
    expect([ambiguous.status, ambiguous.body.errorCode]).toEqual([409, "AMBIGUOUS_TAG"]);
    expect((await resolve(own)).body.data.applicationName).toBe("WalletApp");
    expect((await resolve(theirs)).body.data.applicationName).toBe("ShopApp");
  });

  it("says when nobody can be paid there", async () => {
    const other = await walk.tenant();
    await walk.admit(other, { active: false });
    expect((await resolve(other.tag)).body.data.active).toBe(false);
    await env.DB.prepare("UPDATE tags SET active = 0 WHERE tag_string = ?").bind(tenant.tag.split("@")[0]).run();
    expect((await resolve(tenant.tag)).body.data.active).toBe(false);
  });

  it.each([
    ["nobody", 404, "TAG_NOT_FOUND"],
    ["nobody@nowhere", 404, "TAG_NOT_FOUND"],
    ["ab", 400, "VALIDATION_ERROR"],
    ["a b c", 400, "VALIDATION_ERROR"],
    ["alice@wallet@app", 400, "VALIDATION_ERROR"],
  ])("%s is %i", async (tag, status, errorCode) => {
    const answer = await resolve(tag);
    expect([answer.status, answer.body.errorCode]).toEqual([status, errorCode]);
  });
});
