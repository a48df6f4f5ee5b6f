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

describe("an application's tags", () => {
  it("are listed, oldest first, and are its own", async () => {
    const [own, other] = [await walk.tenant(), await walk.tenant()];
    const second = await walk.anotherTag(own, "second");
    const listed = await walk.must(own, "GET", "/tags");
    expect(listed.map(({ qualifiedTag }: { qualifiedTag: string }) => qualifiedTag)).toEqual([own.tag, second]);
    expect(listed[0]).toMatchObject({ subjectId: own.subjectId, applicationId: own.id, active: true });
    expect((await walk.must(other, "GET", "/tags"))[0].qualifiedTag).toBe(other.tag);
  });
});

describe("switching a tag off", () => {
  const switched = (who: Tenant, tag: string, active: unknown) => walk.ask(who, "PATCH", `/tags/${tag}`, { active });
  let payer: Tenant;
  let payee: Tenant;

  beforeAll(async () => {
    [payer, payee] = [await walk.tenant(), await walk.tenant()];
  });

  it("lets it get no transfer and send none, and ends what waits as ever", async () => {
    const [waiting, refused, takenBack] = [
      await walk.initiated(payer, payee),
      await walk.initiated(payer, payee),
      await walk.initiated(payer, payee),
    ];
    const { status, body } = await switched(payee, payee.tag, false);
    expect([status, body.message, body.data.active]).toEqual([200, "Tag is off", false]);
    const toIt = await walk.initiate(payer, payee);
    const fromIt = await walk.initiate(payee, payer);
    expect([toIt.body.message, fromIt.body.message]).toEqual([
      "Tag not found: receiverTag",
      "Tag not found: senderTag",
    ]);
    expect([toIt.status, fromIt.status]).toEqual([404, 404]);
    expect((await walk.accept(payee, waiting)).status).toBe(200);
    expect((await walk.reject(payee, refused)).status).toBe(200);
    expect((await walk.cancel(payer, takenBack)).status).toBe(200);
    expect((await walk.must(undefined, "GET", `/tags/${payee.tag}`)).active).toBe(false);
    expect((await walk.must(payee, "GET", "/tags"))[0].active).toBe(false);
  });

  it("keeps its name, and is taken back by switching it on", async () => {
    const name = payee.tag.split("@")[0] ?? "";
    expect((await switched(payee, `@${name.toUpperCase()}`, false)).status).toBe(200); // the same again changes nothing
    const again = await walk.ask(payee, "POST", "/tags", { subjectId: payee.subjectId, tagString: name });
    expect([again.status, again.body.errorCode]).toEqual([409, "DUPLICATE_TAG"]);
    const on = await switched(payee, name, true);
    expect([on.status, on.body.message, on.body.data.active]).toEqual([200, "Tag is on", true]);
    expect((await walk.initiate(payer, payee)).status).toBe(201);
    const changes = "select data from journal where aggregate_id = ? and name = 'update-tag' order by version";
    const { results } = await env.DB.prepare(changes).bind(on.body.data.id).all<{ data: string }>();
    expect(results.map(({ data }) => JSON.parse(data))).toEqual([{ active: false }, { active: true }]);
  });

  it("is for the owner's tags alone, in whatever notation", async () => {
    const namesake = await walk.anotherTag(payer, payee.tag.split("@")[0] ?? ""); // another tag than the payee's
    for (const tag of [payee.tag, `@${payee.tag}`, "nobody", `nobody@${payer.handle}`]) {
      const answer = await switched(payer, tag, false);
      expect([answer.status, answer.body.errorCode], tag).toEqual([404, "TAG_NOT_FOUND"]);
    }
    for (const tag of [payee.tag, namesake]) {
      expect((await walk.must(undefined, "GET", `/tags/${tag}`)).active).toBe(true);
    }
  });

  it.each([
    [{}, "VALIDATION_ERROR", "active is required"],
    [{ active: null }, "VALIDATION_ERROR", "active must not be null"],
    [{ active: "false" }, "MALFORMED_REQUEST", "active must be true or false"],
    [{ active: false, tagString: "other" }, "VALIDATION_ERROR", "tagString is unknown"],
  ])("takes nothing else: %j", async (body, errorCode, error) => {
    const answer = await walk.ask(payee, "PATCH", `/tags/${payee.tag}`, body);
    expect([answer.status, answer.body.errorCode, answer.body.errors]).toEqual([400, errorCode, [error]]);
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
