import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { hashToken } from "../../../src/crypto/tokens";
import { rows } from "../../operations/rows";
import { journey } from "../checked";

beforeEach(() => journey.reset());

const hourSeconds = 60 * 60;

interface Shown {
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
}

async function create(email = `dev-${crypto.randomUUID()}@example.com`) {
  const answer = await journey.operator("POST", "/developers", { name: "Corner Shop", email });
  expect(answer.status).toBe(201);
  return answer.body.data as { id: string; name: string; email: string; createdAt: string; token: string };
}

async function rotate(id: string, body: object): Promise<string> {
  const answer = await journey.operator("POST", `/developers/${id}/tokens`, body);
  expect(answer.status).toBe(201);
  return answer.body.data.token;
}

async function tokensOf(id: string): Promise<Shown[]> {
  return (await journey.operator("GET", `/developers/${id}`)).body.data.tokens;
}

/** Returns the status of a developer's route with this token. */
async function opens(token: string): Promise<number> {
  return (await journey.call("GET", "/api/v1/apps", { headers: { "X-Developer-Token": token } })).status;
}

describe("a developer", () => {
  it("is made with a token that opens its contract, and is listed and viewed without it", async () => {
    const first = await create("Dev@Example.com");
    expect(first).toMatchObject({
      name: "Corner Shop",
      email: "dev@example.com",
      token: expect.stringMatching(/^dev_/),
    });
    const second = await create();
    expect(await opens(first.token)).toBe(200);
    const { token: _, ...shown } = first;
    const page = (await journey.operator("GET", "/developers?limit=1")).body;
    expect([page.data.map(({ id }: { id: string }) => id), page.has_more]).toEqual([[second.id], true]);
    const rest = (await journey.operator("GET", `/developers?starting_after=${second.id}`)).body;
    expect(rest).toEqual({ data: [shown], has_more: false });
    const { body } = await journey.operator("GET", `/developers/${first.id}`);
    expect(body.data).toMatchObject(shown);
    expect(body.data.tokens).toEqual([
      {
        prefix: first.token.slice(0, 12),
        scopes: ["read", "payments", "accounts", "webhooks"],
        createdAt: expect.any(String),
        lastUsedAt: null,
        expiresAt: null,
      },
    ]);
  });

  it("has an e-mail of its own, in any spelling", async () => {
    await create("dev@example.com");
    const again = await journey.operator("POST", "/developers", { name: "Other", email: "DEV@example.com" });
    expect([again.status, again.body.code]).toEqual([409, "developer_exists"]);
    expect(await rows("select 1 from developers")).toHaveLength(1);
    expect(await rows("select 1 from developer_tokens")).toHaveLength(1);
  });

  it("by five racing requests is made once", async () => {
    const body = { name: "Corner Shop", email: "dev@example.com" };
    const answers = await Promise.all(Array.from({ length: 5 }, () => journey.operator("POST", "/developers", body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it.each([[{ name: "" }], [{ name: null }], [{ email: "a word" }], [{ email: null }], [{ name: "x".repeat(201) }]])(
    "is refused with %j",
    async (wrong) => {
      const body = { name: "Corner Shop", email: "dev@example.com", ...wrong };
      expect((await journey.operator("POST", "/developers", body)).status).toBe(422);
    },
  );

  it("leaves in the journal who made it, and by which token's prefix", async () => {
    const { id, token } = await create();
    const [change] = await rows<{ name: string; data: string }>("select * from journal where aggregate_id = ?", id);
    expect(change?.name).toBe("create-developer");
    expect(JSON.parse(change?.data ?? "")).toEqual({ operator: "sandbox", tokenPrefix: token.slice(0, 12) });
  });
});

describe("a token", () => {
  it("is shown once, and stands nowhere: neither it nor its hash opens anything else", async () => {
    const { id, token } = await create();
    const rotated = await rotate(id, {});
    const tables = await rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'",
    );
    const stored = await Promise.all(
      tables.map(async ({ name }) => JSON.stringify(await rows(`select * from "${name}"`))),
    );
    const shown = JSON.stringify([
      (await journey.operator("GET", "/developers")).body,
      (await journey.operator("GET", `/developers/${id}`)).body,
    ]);
    expect(stored.join("")).toContain(hashToken(token));
    for (const secret of [token, rotated, token.slice(13), rotated.slice(13)]) {
      expect([...stored, shown].filter((text) => text.includes(secret))).toEqual([]);
    }
    expect(await opens(hashToken(token))).toBe(401);
    expect(await opens(`dev_${hashToken(token).slice(0, 43)}`)).toBe(401);
  });

  it("is answered anew under the same idempotency key", async () => {
    const { id } = await create();
    const ask = () =>
      journey.call("POST", `/api/v1/admin/developers/${id}/tokens`, {
        token: "admin_sandbox",
        body: {},
        headers: { "Idempotency-Key": "the-same" },
      });
    expect((await ask()).body.data.token).not.toBe((await ask()).body.data.token);
  });

  it("that was rotated works beside the new one until the overlap is over, by the clock", async () => {
    const { id, token } = await create();
    const next = await rotate(id, { overlap_seconds: 2 * hourSeconds });
    expect([await opens(token), await opens(next)]).toEqual([200, 200]);
    await journey.advance(2 * hourSeconds - 60);
    expect([await opens(token), await opens(next)]).toEqual([200, 200]);
    await journey.advance(61);
    expect([await opens(token), await opens(next)]).toEqual([401, 200]);
    const [old, live] = await tokensOf(id);
    expect(old?.expiresAt).not.toBeNull();
    expect(live?.expiresAt).toBeNull();
  });

  it("that was rotated without an overlap ends at once; an earlier end is never put off", async () => {
    const { id, token } = await create();
    const second = await rotate(id, { overlap_seconds: hourSeconds });
    const third = await rotate(id, { overlap_seconds: 30 * 24 * hourSeconds });
    await journey.advance(hourSeconds + 1);
    expect([await opens(token), await opens(second), await opens(third)]).toEqual([401, 200, 200]);
    const fourth = await rotate(id, { overlap_seconds: 0 });
    expect([await opens(second), await opens(third), await opens(fourth)]).toEqual([401, 401, 200]);
  });

  it("of another developer is left alone by a rotation", async () => {
    const [one, other] = [await create(), await create()];
    await rotate(one.id, { overlap_seconds: 0 });
    expect([await opens(one.token), await opens(other.token)]).toEqual([401, 200]);
  });

  it("that is revoked opens nothing from then on; revoking it again changes nothing", async () => {
    const { id, token } = await create();
    const next = await rotate(id, {});
    const revoke = (prefix: string) => journey.operator("DELETE", `/developers/${id}/tokens/${prefix}`);
    expect((await revoke(token.slice(0, 12))).status).toBe(204);
    expect([await opens(token), await opens(next)]).toEqual([401, 200]);
    const journaled = () => rows("select name from journal where aggregate_id = ?", id);
    const before = await journaled();
    expect((await revoke(token.slice(0, 12))).status).toBe(204);
    expect(await journaled()).toEqual(before);
    const unknown = await revoke("dev_unknown0");
    expect([unknown.status, unknown.body.code]).toEqual([404, "token_unknown"]);
    const other = await create();
    expect((await revoke(other.token.slice(0, 12))).status).toBe(404);
    expect(await opens(other.token)).toBe(200);
  });

  it("shows when it was used last, to the hour: a use within the hour writes nothing", async () => {
    const { id, token } = await create();
    await opens(token);
    const lastUsed = async () => (await tokensOf(id))[0]?.lastUsedAt;
    await expect.poll(lastUsed).not.toBeNull();
    const first = await lastUsed();
    await journey.advance(hourSeconds - 60);
    await opens(token);
    await journey.advance(0);
    expect(await lastUsed()).toBe(first);
    await journey.advance(120);
    await opens(token);
    await expect.poll(lastUsed).not.toBe(first);
    expect(Date.parse((await lastUsed()) ?? "") - Date.parse(first ?? "")).toBeGreaterThanOrEqual(hourSeconds * 1000);
  });

  it("that is used by many at once is noted once", async () => {
    const { token } = await create();
    const noted: number[] = [];
    vi.spyOn(console, "info").mockImplementation((line: string) => {
      const { event, messages, cost } = JSON.parse(line);
      if (event === "work") noted.push(...Array(messages - 1).fill(0), cost.rowsWritten);
    });
    try {
      await Promise.all(Array.from({ length: 10 }, () => opens(token)));
      await expect.poll(() => noted.length).toBeGreaterThan(1);
    } finally {
      vi.restoreAllMocks();
    }
    expect(noted.reduce((sum, rowsWritten) => sum + rowsWritten)).toBe(1);
  });

  it("that somebody guesses is refused without a look at the database, and wrong ones are counted", async () => {
    const cost = await journey.call("GET", "/api/v1/apps", { headers: { "X-Developer-Token": "dev_short" } });
    expect([cost.status, cost.headers.get("Accord-Cost")]).toEqual([401, expect.stringMatching(/^d1=0;/)]);
    const throttled = { ...env, SECRETS: { limit: async () => ({ success: false }) } };
    const { createApp } = await import("../../../src/app");
    const request = new Request("http://localhost:8787/api/v1/apps", { headers: { "X-Developer-Token": "dev_x" } });
    const response = await createApp().fetch(request, throttled);
    expect([response.status, response.headers.get("Retry-After")]).toEqual([429, "60"]);
  });
});

it("gets no further token while twenty are live, unless the others end at once", async () => {
  const { id } = await create();
  for (let count = 1; count < 20; count += 1) await rotate(id, {});
  const refused = await journey.operator("POST", `/developers/${id}/tokens`, {});
  expect([refused.status, refused.body.code]).toEqual([409, "tokens_full"]);
  expect(await opens(await rotate(id, { overlap_seconds: 0 }))).toBe(200);
});
