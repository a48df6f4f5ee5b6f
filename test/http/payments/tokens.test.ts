import { beforeEach, describe, expect, it } from "vitest";
import { rows } from "../../operations/rows";
import { Shop } from "../../shop";
import { journey } from "../checked";

let token: string;
let shop: Shop;

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
  token = shop.token;
});

const ask = (method: string, path: string, by: string, body?: object) =>
  journey.call(method, `/api/v1${path}`, { headers: { "X-Developer-Token": by }, body });
const opens = async (one: string) => (await ask("GET", "/apps", one)).status;
const make = async (body: object, by = token) => {
  const answer = await ask("POST", "/developer-tokens", by, body);
  expect(answer.status).toBe(201);
  return answer.body.data as { token: string; prefix: string; expires_at: string | null };
};
const prefixOf = (one: string) => one.slice(0, 12);

describe("a developer's own tokens", () => {
  it("are replaced with an overlap, in which both open", async () => {
    const next = await make({ overlap_seconds: 60 });
    expect([await opens(token), await opens(next.token)]).toEqual([200, 200]);
    await journey.advance(61);
    expect([await opens(token), await opens(next.token)]).toEqual([401, 200]);
  });

  it("stand beside each other without an overlap, and end by themselves where that was said", async () => {
    const second = await make({ expires_in_days: 1 });
    await journey.advance(24 * 60 * 60 - 60);
    expect(await opens(second.token)).toBe(200);
    await journey.advance(61);
    expect([await opens(token), await opens(second.token)]).toEqual([200, 401]);
  });

  it("are listed without their secrets", async () => {
    const second = await make({});
    const { body } = await ask("GET", "/developer-tokens", second.token);
    expect(body.data).toMatchObject([
      { prefix: prefixOf(token), current: false, expires_at: null },
      { prefix: second.prefix, current: true, last_used_at: null },
    ]);
    expect(JSON.stringify(body)).not.toContain(second.token);
  });

  it("are ended by their prefix: an own one at once, a stranger's never", async () => {
    const stranger = (await Shop.open(journey)).token;
    const second = await make({});
    expect((await ask("DELETE", `/developer-tokens/${second.prefix}`, stranger)).status).toBe(404);
    expect((await ask("DELETE", `/developer-tokens/${prefixOf(token)}`, second.token)).status).toBe(204);
    expect([await opens(token), await opens(second.token)]).toEqual([401, 200]);
    expect((await ask("DELETE", `/developer-tokens/${prefixOf(token)}`, second.token)).status).toBe(204);
  });

  it("are twenty at most, and of the ended ones the last twenty are kept", async () => {
    let last = await make({});
    for (let at = 2; at < 20; at += 1) last = await make({});
    const refused = await ask("POST", "/developer-tokens", token, {});
    expect([refused.status, refused.body.data?.code ?? refused.body.code]).toEqual([409, "tokens_full"]);
    expect((await ask("DELETE", `/developer-tokens/${last.prefix}`, token)).status).toBe(204);
    for (let at = 0; at < 22; at += 1) {
      const one = await make({});
      await ask("DELETE", `/developer-tokens/${one.prefix}`, token);
    }
    await make({});
    const [{ n }] = (await rows<{ n: number }>("select count(*) as n from developer_tokens")) as [{ n: number }];
    expect(n).toBeLessThanOrEqual(41);
  });

  it("leave in the journal that the developer made them, without the token", async () => {
    const second = await make({ overlap_seconds: 0 });
    const changes = await rows<{ actor: string; data: string }>(
      "select actor, data from journal where name = 'rotate-developer-token'",
    );
    expect(changes.map(({ actor }) => actor)).toEqual(["developer"]);
    expect(changes[0]?.data).toContain(second.prefix);
    expect(changes[0]?.data).not.toContain(second.token);
  });

  it.each([
    { overlap_seconds: -1 },
    { overlap_seconds: 1.5 },
    { expires_in_days: 0 },
    { expires_in_days: 366 },
    { days: 1 },
  ])("are refused with %j", async (body) => {
    expect((await ask("POST", "/developer-tokens", token, body)).status).toBe(422);
  });
});
