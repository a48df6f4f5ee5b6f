import { describe, expect, it } from "vitest";
import type { Answer } from "../../journey";
import { journey } from "../checked";
import { walk } from "./world";

const policy = '"initiate";q=60;w=60';

/** Returns the rest and the seconds to the reset, as the structured field says. */
function stateOf({ headers }: Answer) {
  const [, left, reset] = /^"initiate";r=(\d+);t=(\d+)(?:, |$)/.exec(headers.get("RateLimit") ?? "") ?? [];
  // The application's day may follow.
  return { policy: headers.get("RateLimit-Policy")?.split(", ")[0], left: Number(left), reset: Number(reset) };
}

describe("initiating", () => {
  it("is allowed sixty times a minute, and every answer says how many are left", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    for (let left = 59; left >= 0; left -= 1) {
      const answer = await walk.initiate(sender, receiver);
      expect(answer.status).toBe(201);
      expect(stateOf(answer)).toEqual({ policy, left, reset: expect.any(Number) });
      expect(stateOf(answer).reset).toBeGreaterThan(0);
      expect(stateOf(answer).reset).toBeLessThanOrEqual(60);
    }
    const refused = await walk.initiate(sender, receiver);
    expect([refused.status, refused.body.errorCode]).toEqual([429, "RATE_LIMIT_EXCEEDED"]);
    const { left, reset } = stateOf(refused);
    expect([left, refused.headers.get("Retry-After")]).toEqual([0, String(reset)]);

    // Others are not affected, not even the receiver.
    expect(stateOf(await walk.initiate(receiver, sender)).left).toBe(59);
    // Other requests of the application are not limited.
    expect((await walk.ask(sender, "GET", "/transactions/sent")).status).toBe(200);

    // Retry-After is exact: one use is free then, by our clock, and not before.
    await journey.advance(Math.max(0, reset - 10));
    expect((await walk.initiate(sender, receiver)).status).toBe(429);
    await journey.advance(10);
    expect((await walk.initiate(sender, receiver)).status).toBe(201);
    await journey.advance(120);
    expect(stateOf(await walk.initiate(sender, receiver)).left).toBe(59);
  });

  it("counts exactly sixty when all come at once", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    const answers = await Promise.all(Array.from({ length: 75 }, () => walk.initiate(sender, receiver)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(60);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
    const sent = await walk.must(sender, "GET", "/transactions/sent?size=1");
    expect(sent.totalElements).toBe(60);
  });

  it("says how many are left where none was taken, too, and nothing to whom nobody knows", async () => {
    const sender = await walk.tenant();
    const ask = (token: string, body: object) => journey.call("POST", "/api/v1/transactions", { token, body });
    expect(stateOf(await ask(sender.token, {}))).toEqual({ policy, left: 60, reset: 0 });
    await walk.initiate(sender, sender);
    const unread = await ask(sender.token, { amount: "1" });
    expect([unread.status, stateOf(unread)]).toEqual([400, { policy, left: 59, reset: expect.any(Number) }]);
    expect((await ask("nobody's", {})).headers.get("RateLimit-Policy")).toBeNull();
  });

  it("counts what is refused for its content, too, and says so", async () => {
    const sender = await walk.tenant();
    const refused = await walk.initiate(sender, { tag: "nobody" });
    expect([refused.status, stateOf(refused).left]).toEqual([404, 59]);
    expect(stateOf(await walk.initiate(sender, sender))).toMatchObject({ policy, left: 58 });
  });
});
