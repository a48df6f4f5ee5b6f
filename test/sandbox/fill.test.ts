import type Stripe from "stripe";
import { beforeEach, describe, expect, it } from "vitest";
import { connect, control, sessionOf } from "./sandbox";

const stripe = connect();

beforeEach(() => control("POST", "reset"));

const now = async (): Promise<number> => (await control("GET", "clock")).nowSeconds;

/** Reads a list from its beginning to its end, page by page. */
async function pages<T extends { id: string }>(
  ask: (page: { limit: number; starting_after?: string }) => Promise<Stripe.ApiList<T>>,
): Promise<T[]> {
  const found: T[] = [];
  for (;;) {
    const last = found.at(-1);
    const { data, has_more } = await ask({ limit: 100, ...(last ? { starting_after: last.id } : {}) });
    found.push(...data);
    if (!has_more) return found;
  }
}

describe("a list that was filled", () => {
  it("shows every entry once, newest first, with what was made in its place", async () => {
    const at = await now();
    const made = await sessionOf(stripe);
    await control("POST", "fill", { kind: "checkout_sessions", count: 250, from: at - 100, to: at + 100 });
    await control("POST", "fill", { kind: "checkout_sessions", count: 120, from: made.created, to: made.created });
    const all = await pages((page) => stripe.checkout.sessions.list(page));
    expect(all).toHaveLength(371);
    expect(new Set(all.map(({ id }) => id)).size).toBe(371);
    expect(all.map(({ created }) => created)).toEqual(all.map(({ created }) => created).sort((a, b) => b - a));
    expect(all.map(({ id }) => id)).toContain(made.id);
    expect([all[0]?.created, all.at(-1)?.created]).toEqual([at + 100, at - 100]);
  });

  it("is read backwards, too", async () => {
    const at = await now();
    await sessionOf(stripe);
    await control("POST", "fill", { kind: "checkout_sessions", count: 30, from: at - 10, to: at + 10 });
    const all = await pages((page) => stripe.checkout.sessions.list(page));
    const ids = all.map(({ id }) => id);
    const before = await stripe.checkout.sessions.list({ ending_before: ids[20] ?? "", limit: 5 });
    expect([before.data.map(({ id }) => id), before.has_more]).toEqual([ids.slice(15, 20), true]);
    const first = await stripe.checkout.sessions.list({ ending_before: ids[3] ?? "", limit: 5 });
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 3), false]);
  });

  it.each([
    ["gte", 40],
    ["gt", 39],
    ["lte", 61],
    ["lt", 60],
  ])("is filtered by its time: %s", async (bound, length) => {
    const at = await now();
    await control("POST", "fill", { kind: "events", count: 100, from: at - 99, to: at });
    const { data } = await stripe.events.list({ limit: 100, created: { [bound]: at - 39 } });
    expect(data).toHaveLength(length);
  });

  it("is filtered by its types, and shows each event by itself", async () => {
    const at = await now();
    await control("POST", "fill", { kind: "events", count: 3, from: at, to: at, type: "charge.refunded" });
    await control("POST", "fill", { kind: "events", count: 4, from: at, to: at, type: "refund.updated" });
    const { data } = await stripe.events.list({ types: ["refund.updated"] });
    expect(data.map(({ type }) => type)).toEqual(Array.from({ length: 4 }, () => "refund.updated"));
    const [event] = data;
    expect(await stripe.events.retrieve(event?.id ?? "")).toMatchObject({ id: event?.id, type: "refund.updated" });
    await expect(stripe.events.retrieve(`${event?.id}9`)).rejects.toMatchObject({ code: "resource_missing" });
  });

  it("says so when it cannot be filled", async () => {
    expect(await control("POST", "fill", { kind: "accounts", count: 1, from: 1, to: 1 })).toMatchObject({
      status: 400,
    });
    expect(await control("POST", "fill", { kind: "events", count: 0, from: 1, to: 1 })).toMatchObject({ status: 400 });
    expect(await control("POST", "fill", { kind: "events", count: 1, from: 2, to: 1 })).toMatchObject({ status: 400 });
  });
});

it("shows an event for thirty days", async () => {
  const made = await sessionOf(stripe);
  await stripe.checkout.sessions.expire(made.id);
  const [event] = (await stripe.events.list({})).data;
  await control("POST", "clock", { advanceSeconds: 29 * 86_400 });
  expect(await stripe.events.retrieve(event?.id ?? "")).toMatchObject({ id: event?.id });
  await control("POST", "clock", { advanceSeconds: 2 * 86_400 });
  expect((await stripe.events.list({ type: event?.type ?? "" })).data).toEqual([]);
  await expect(stripe.events.retrieve(event?.id ?? "")).rejects.toMatchObject({ code: "resource_missing" });
});
