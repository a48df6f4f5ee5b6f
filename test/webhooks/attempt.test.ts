import { describe, expect, it } from "vitest";
import { afterAttempt, parseRetryAfter } from "../../src/domain/webhooks/delivery";
import { attempt } from "../../src/webhooks/attempt";

const request = { url: "https://hooks.example.com/", headers: {}, body: "{}" };

function sendTo(answer: (init: RequestInit) => Response | Promise<Response>) {
  const send = (async (_: RequestInfo, init: RequestInit) => answer(init)) as typeof fetch;
  return attempt(request, { send, timeoutMs: 200, nowMs: Date.now });
}

/** Makes a body that arrives piece by piece, and never ends. */
function dripping(piece: string): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      await new Promise((done) => setTimeout(done, 20));
      controller.enqueue(new TextEncoder().encode(piece));
    },
  });
}

describe("one attempt", () => {
  it("counts what was answered, though the answer drips on for ever", async () => {
    const { outcome, durationMs, excerpt } = await sendTo(() => new Response(dripping("drip "), { status: 201 }));
    expect(outcome).toEqual({ kind: "delivered", status: 201 });
    expect(durationMs).toBeLessThan(2_000);
    expect(excerpt).toMatch(/^(drip )+$/);
  });

  it("reads no more than it shows", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1_024).fill(65));
      },
    });
    expect((await sendTo(() => new Response(endless, { status: 500 }))).excerpt).toBe("A".repeat(2_048));
    expect(pulled).toBeLessThan(10);
  });

  it("keeps an excerpt that the database can hold, whatever the bytes", async () => {
    const bytes = new Uint8Array([0, 255, 254, 97, 0, 240, 159]);
    const { excerpt } = await sendTo(() => new Response(bytes, { status: 400 }));
    expect(excerpt).not.toContain("\0");
    expect(excerpt).toContain("a");
  });

  it("is given up at its limit, and never throws", async () => {
    const never = ({ signal }: RequestInit) =>
      new Promise<Response>((_, fail) => signal?.addEventListener("abort", () => fail(signal.reason)));
    expect((await sendTo(never)).outcome).toEqual({ kind: "timeout" });
    const refused = await sendTo(() => Promise.reject(new TypeError("connection refused")));
    expect(refused).toMatchObject({ outcome: { kind: "unreachable" }, excerpt: null });
  });

  it.each([
    [200, "delivered"],
    [299, "delivered"],
    [301, "redirected"],
    [308, "redirected"],
    [304, "redirected"],
    [400, "refused"],
    [404, "refused"],
    [410, "gone"],
    [429, "refused"],
    [503, "refused"],
    [599, "refused"],
  ])("answered with %i is %s", async (status, kind) => {
    const { outcome } = await sendTo(() => new Response(null, { status }));
    expect(outcome).toMatchObject({ kind, status });
  });

  it.each([520, 521, 522, 523, 524, 525, 526, 527, 530])(
    "answered by Cloudflare with %i reached nobody",
    async (status) => {
      const page = { status, headers: { Server: "cloudflare", "Retry-After": "3600" } };
      const { outcome, excerpt } = await sendTo(() => new Response("error code: 1016", page));
      expect([outcome, excerpt]).toEqual([{ kind: "unreachable" }, "error code: 1016"]);
    },
  );

  it.each([
    [520, "nginx"],
    [530, null],
    [519, "cloudflare"],
    [531, "cloudflare"],
    [503, "cloudflare"],
  ])("answered with %i by %s has reached somebody", async (status, server) => {
    const headers = server === null ? {} : { Server: server };
    const { outcome } = await sendTo(() => new Response(null, { status, headers }));
    expect(outcome).toEqual({ kind: "refused", status });
  });
});

describe("Retry-After", () => {
  const nowMs = Date.parse("2026-11-20T12:00:00Z");

  const day = 24 * 60 * 60_000;

  it.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["007", 7_000],
    ["86401", day],
    ["99999999999", day],
    ["9".repeat(400), day],
    ["Fri, 20 Nov 2026 12:01:00 GMT", 60_000],
    ["Friday, 20-Nov-26 12:01:00 GMT", 60_000],
    ["Fri Nov 20 12:01:00 2026", 60_000],
    ["Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["Wed, 01 Jan 2048 00:00:00 GMT", day],
    ["later 2030", undefined],
    ["2030", 2_030_000],
    ["2026-11-20T12:01:00Z", undefined],
    ["20 Nov 2026 12:01:00 GMT", undefined],
    ["Thu, 20 Nov 2026 12:01:00 GMT", undefined],
    ["Fri, 20 Nov 2026 12:01:00 +0000", undefined],
    ["fri, 20 nov 2026 12:01:00 gmt", undefined],
    ["Mon, 31 Nov 2026 12:01:00 GMT", undefined],
    ["-120", undefined],
    ["+120", undefined],
    ["1.5", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    ["120, 240", undefined],
    ["\u0661\u0662", undefined],
    ["Infinity", undefined],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
  ])("%j", (header, expected) => expect(parseRetryAfter(header, nowMs)).toBe(expected));

  it("makes an attempt later, never sooner, and not by more than a day", () => {
    const next = (retryAfterMs: number, attempts: number) => {
      const outcome = { kind: "refused", status: 503, retryAfterMs } as const;
      return afterAttempt(outcome, { wire: "standard", attempts, nowMs: 0, random: 0.5 }).nextAtMs;
    };
    expect(next(60_000, 1)).toBe(60_000);
    expect(next(1_000, 3)).toBe(30 * 60_000);
    expect(next(1e12, 1)).toBe(24 * 60 * 60_000);
    expect(next(60_000, 10)).toBeNull();
  });
});
