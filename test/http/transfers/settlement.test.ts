import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { callRaw, journey } from "../checked";
import { dayOf, nowMs, walk } from "./world";

let alice: Tenant;
let bob: Tenant;
let administrator: Tenant;
let settledDay: string;

const daySeconds = 24 * 60 * 60;
const renew = async () => {
  for (const tenant of [alice, bob, administrator]) tenant.token = await walk.token(tenant);
};

beforeAll(async () => {
  [alice, bob, administrator] = [await walk.tenant(), await walk.tenant(), await walk.tenant()];
  await walk.admit(administrator, { admin: true });
  settledDay = dayOf(await nowMs());
  await walk.paid(alice, bob, { amount: 100.5 });
  await walk.paid(bob, alice, { amount: 40 });
  await walk.paid(alice, bob, { amount: 7, currency: "EUR" });
  await journey.advance(daySeconds);
  await renew();
});

const trigger = (who: Tenant, query: string) => walk.ask(who, "POST", `/settlement/trigger${query}`);

const rowsOf = async () => {
  const { results } = await env.DB.prepare(
    "select (select count(*) from settlement_days) as days, (select count(*) from settlement_batches) as batches, (select count(*) from journal) as changes",
  ).run();
  return results[0];
};

describe("settling a day", () => {
  it.each([
    ["in a currency in which it has nothing", () => `?date=${settledDay}&currency=USD`, 404],
    ["before there was a system", () => "?date=0000-01-01", 400],
    ["in no currency", () => `?date=${settledDay}&currency=`, 400],
    ["that a misspelt parameter names", () => `?day=${settledDay}`, 400],
  ])("does nothing for one %s", async (_, query, status) => {
    const before = await rowsOf();
    expect((await trigger(administrator, query())).status).toBe(status);
    expect(await rowsOf()).toEqual(before);
  });

  it("is an administrator's, and answers the batch", async () => {
    for (const who of [alice, bob]) {
      const { status, body } = await trigger(who, `?date=${settledDay}`);
      expect([status, body.errorCode]).toEqual([403, "FORBIDDEN"]);
    }
    const { status, body } = await trigger(administrator, `?date=${settledDay}`);
    expect([status, body.message]).toEqual([200, "Day settled"]);
    expect(body.data).toMatchObject({
      settlementDate: settledDay,
      currency: "NGN",
      totalCredited: 140.5,
      totalDebited: 140.5,
      transactionCount: 2,
      applicationCount: 2,
      status: "COMPLETED",
    });
    const nets = body.data.entries.map((entry: { applicationId: string; netAmount: number }) => [
      entry.applicationId,
      entry.netAmount,
    ]);
    expect(new Map(nets)).toEqual(
      new Map([
        [alice.id, -60.5],
        [bob.id, 60.5],
      ]),
    );
  });

  it("is of yesterday unless said otherwise, and answers the same again", async () => {
    const [first, second] = [await trigger(administrator, ""), await trigger(administrator, `?date=${settledDay}`)];
    expect(first.body.data).toEqual(second.body.data);
    const euros = await trigger(administrator, `?date=${settledDay}&currency=EUR`);
    expect([euros.body.data.currency, euros.body.data.totalCredited]).toEqual(["EUR", 7]);
    const none = await trigger(administrator, `?date=${settledDay}&currency=USD`);
    expect([none.status, none.body.errorCode]).toEqual([404, "SETTLEMENT_NOT_FOUND"]);
  });

  it("is never of a day that is not over, or that is none", async () => {
    const today = dayOf(await nowMs());
    const tomorrow = dayOf((await nowMs()) + daySeconds * 1000);
    for (const date of [today, tomorrow]) {
      const { status, body } = await trigger(administrator, `?date=${date}`);
      expect([status, body.errorCode]).toEqual([400, "VALIDATION_ERROR"]);
      expect(body.errors).toEqual(["date must be before today (UTC)"]);
    }
    for (const date of ["yesterday", "2026-02-30", "20261119"]) {
      const { status, body } = await trigger(administrator, `?date=${date}`);
      expect([status, body.errorCode, body.errors]).toEqual([
        400,
        "VALIDATION_ERROR",
        ["date must be a date, YYYY-MM-DD"],
      ]);
    }
  });

  it("is not another day's under the same key", async () => {
    const key = { "Idempotency-Key": "settle" };
    const ask = (date: string) => walk.ask(administrator, "POST", `/settlement/trigger?date=${date}`, undefined, key);
    expect((await ask(settledDay)).status).toBe(200);
    const other = await ask(dayOf((await nowMs()) - 3 * daySeconds * 1000));
    expect([other.status, other.body.errorCode]).toEqual([409, "IDEMPOTENCY_KEY_CONFLICT"]);
  });
});

describe("a settlement", () => {
  it("is found by its day and currency, and by its id", async () => {
    const byDay = await walk.must(administrator, "GET", `/settlement/date/${settledDay}`);
    expect(byDay.currency).toBe("NGN");
    expect(await walk.must(administrator, "GET", `/settlement/${byDay.id}`)).toEqual(byDay);
    expect((await walk.must(administrator, "GET", `/settlement/date/${settledDay}?currency=EUR`)).currency).toBe("EUR");
    for (const path of [`/settlement/date/2020-01-01`, `/settlement/date/${settledDay}?currency=USD`]) {
      const { status, body } = await walk.ask(administrator, "GET", path);
      expect([status, body.errorCode]).toEqual([404, "SETTLEMENT_NOT_FOUND"]);
    }
    const { status, body } = await walk.ask(administrator, "GET", "/settlement/date/2026-02-30");
    expect([status, body.errorCode, body.errors]).toEqual([
      400,
      "MALFORMED_REQUEST",
      ["date must be a date, YYYY-MM-DD"],
    ]);
  });

  it("shows an application its own position, and an administrator all of them", async () => {
    const { id } = await walk.must(administrator, "GET", `/settlement/date/${settledDay}`);
    const ownersOf = (batch: { entries: { applicationId: string }[] }) =>
      batch.entries.map(({ applicationId }) => applicationId);
    for (const path of [`/settlement/${id}`, `/settlement/date/${settledDay}`]) {
      expect(ownersOf(await walk.must(administrator, "GET", path)).toSorted()).toEqual([alice.id, bob.id].toSorted());
      expect(ownersOf(await walk.must(alice, "GET", path))).toEqual([alice.id]);
      expect(ownersOf(await walk.must(bob, "GET", path))).toEqual([bob.id]);
      expect(ownersOf(await walk.must(await walk.tenant(), "GET", path))).toEqual([]);
    }
  });

  it("is on a page by its day", async () => {
    const page = await walk.must(alice, "GET", "/settlement");
    expect(page.sort).toEqual([
      { direction: "DESC", nullHandling: "NATIVE", ascending: false, property: "settlementDate", ignoreCase: false },
    ]);
    const ofDay = page.content.filter((batch: { settlementDate: string }) => batch.settlementDate === settledDay);
    expect(ofDay.map(({ currency }: { currency: string }) => currency).toSorted()).toEqual(["EUR", "NGN"]);
    for (const { entries } of ofDay) {
      expect(entries.map(({ applicationId }: { applicationId: string }) => applicationId)).toEqual([alice.id]);
    }
    const all = await walk.must(administrator, "GET", "/settlement?size=1&page=1&sort=settlementDate,asc");
    expect([all.content.length, all.number, all.totalElements >= 2]).toEqual([1, 1, true]);
  });
});

describe("a day's total", () => {
  it("adds up to more than any wallet may hold, digit for digit", async () => {
    const day = dayOf(await nowMs());
    for (const [payee, amount] of [
      [alice, "900719925474.0991"],
      [bob, "900719925474.0990"],
    ] as const) {
      const payer = await walk.tenant();
      const tags = `"senderTag":"${payer.tag}","receiverTag":"${payee.tag}"`;
      const body = `{${tags},"amount":${amount},"currency":"BHD"}`;
      const asked = await callRaw("POST", "/api/v1/transactions", { token: payer.token, body });
      expect((await walk.accept(payee, asked.body.data)).status).toBe(200);
    }
    await journey.advance(daySeconds);
    await renew();
    await trigger(administrator, `?date=${day}`);
    const path = `/api/v1/settlement/date/${day}?currency=BHD`;
    const { text } = await callRaw("GET", path, { token: administrator.token });
    expect(text).toContain('"totalCredited":1801439850948.1981,"totalDebited":1801439850948.1981,');
    expect((await journey.ledgerCheck()).ok).toBe(true);
  });
});
