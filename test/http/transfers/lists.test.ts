import { beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { journey } from "../checked";
import { walk } from "./world";

let alice: Tenant;
let bob: Tenant;
/** Amounts 1 to 5 from alice to bob, a minute apart; 2 and 4 are accepted. */
let sent: { reference: string; createdAt: string }[];

beforeAll(async () => {
  [alice, bob] = [await walk.tenant(), await walk.tenant()];
  sent = [];
  for (let amount = 1; amount <= 5; amount += 1) {
    const transfer = await walk.initiated(alice, bob, { amount });
    if (amount % 2 === 0) await walk.accept(bob, transfer);
    sent.push(transfer);
    await journey.advance(60);
  }
});

interface Entry {
  entryType: string;
  amount: number;
  openingBalance: number;
  closingBalance: number;
}

const amountsOf = (page: { content: { amount: number }[] }) => page.content.map(({ amount }) => amount);
const listed = async (who: Tenant, path: string) => amountsOf(await walk.must(who, "GET", `/transactions/${path}`));

describe("a list", () => {
  it("is of what was sent, what was received, or what waits", async () => {
    expect(await listed(alice, "sent")).toEqual([5, 4, 3, 2, 1]);
    expect(await listed(bob, "received")).toEqual([5, 4, 3, 2, 1]);
    expect(await listed(bob, "pending")).toEqual([5, 3, 1]);
    for (const path of ["received", "pending"]) expect(await listed(alice, path)).toEqual([]);
    expect(await listed(bob, "sent")).toEqual([]);
  });

  it("is a page in the shape of the contract", async () => {
    const { content, ...page } = await walk.must(alice, "GET", "/transactions/sent?page=1&size=2&sort=createdAt,asc");
    expect(amountsOf({ content })).toEqual([3, 4]);
    expect(content[1].status).toBe("COMPLETED");
    const sort = [
      { direction: "ASC", nullHandling: "NATIVE", ascending: true, property: "createdAt", ignoreCase: false },
    ];
    expect(page).toEqual({
      totalElements: 5,
      totalPages: 3,
      first: false,
      last: false,
      size: 2,
      number: 1,
      sort,
      numberOfElements: 2,
      pageable: { offset: 2, sort, paged: true, unpaged: false, pageNumber: 1, pageSize: 2 },
      empty: false,
    });
  });

  it("ends with its last page, and is empty beyond", async () => {
    const last = await walk.must(alice, "GET", "/transactions/sent?page=2&size=2");
    expect([amountsOf(last), last.first, last.last, last.numberOfElements]).toEqual([[1], false, true, 1]);
    const beyond = await walk.must(alice, "GET", "/transactions/sent?page=999999999&size=100");
    expect([beyond.content, beyond.empty, beyond.last, beyond.totalElements]).toEqual([[], true, true, 5]);
    const none = await walk.must(bob, "GET", "/transactions/sent");
    expect([none.totalPages, none.first, none.last, none.empty]).toEqual([0, true, true, true]);
  });

  it("is of twenty, newest first, unless asked otherwise", async () => {
    const { size, number, sort } = await walk.must(alice, "GET", "/transactions/sent");
    expect([size, number, sort[0].direction]).toEqual([20, 0, "DESC"]);
    expect(await listed(alice, "sent?sort=createdAt")).toEqual([1, 2, 3, 4, 5]);
    expect(await listed(alice, "sent?sort=createdAt,ASC")).toEqual([1, 2, 3, 4, 5]);
    expect(await listed(alice, "sent?sort=createdAt,DESC")).toEqual([5, 4, 3, 2, 1]);
  });

  it.each([
    ["page=-1", "page must be a whole number, from 0"],
    ["page=x", "page must be a whole number, from 0"],
    ["size=0", "size must be from 1 to 100"],
    ["size=101", "size must be from 1 to 100"],
    ["size=1.5", "size must be from 1 to 100"],
    ["sort=createdat,desc", "sort must be one of createdAt,desc, createdAt,asc, createdAt"],
    ["sort=amount,desc", "sort must be one of createdAt,desc, createdAt,asc, createdAt"],
  ])("is refused: %s", async (query, error) => {
    for (const path of ["/transactions/sent", "/webhooks/failed", "/wallet/ledger"]) {
      const { status, body } = await walk.ask(alice, "GET", `${path}?${query}`);
      expect([status, body.errorCode, body.errors]).toEqual([400, "VALIDATION_ERROR", [error]]);
    }
  });
});

describe("a list by cursor", () => {
  it("has its rows where a page has them, and is what a filter alone asks for", async () => {
    const page = await walk.must(alice, "GET", "/transactions/sent?limit=2");
    expect([amountsOf(page), page.has_more, Object.keys(page)]).toEqual([[5, 4], true, ["content", "has_more"]]);
    const { content, has_more } = await walk.must(alice, "GET", "/transactions/sent?status=COMPLETED");
    expect([amountsOf({ content }), has_more]).toEqual([[4, 2], false]);
    // In the contract's own form an array is what it was.
    const plain = (await walk.ask(alice, "GET", "/subjects")).body;
    expect(Object.keys(plain)).toEqual(["success", "message", "data", "timestamp"]);
    const paged = (await walk.ask(alice, "GET", "/subjects?limit=1")).body;
    expect(Object.keys(paged)).toEqual(["success", "message", "data", "has_more", "timestamp"]);
  });

  it.each([
    ["/transactions/sent?page=0&limit=2", "page must not be sent with limit"],
    ["/transactions/sent?sort=createdAt&status=COMPLETED", "sort must not be sent with status"],
    ["/wallet/ledger?size=2&order=asc", "size must not be sent with order"],
    ["/transactions/received?limit=0", "limit must be an integer from 1 to 100"],
    [
      "/transactions/received?counterpartyTag=a@b@c",
      "counterpartyTag must be a tag: alice, @alice, alice@walletapp or @alice@walletapp",
    ],
    ["/transactions/received?starting_after=TXN-00000000-00000000", "starting_after names nothing that is listed here"],
    ["/settlement?from=2026-02-30", "from must be a date, YYYY-MM-DD"],
  ])("is refused: %s", async (path, error) => {
    const { status, body } = await walk.ask(alice, "GET", path);
    expect([status, body.errorCode, body.errors]).toEqual([400, "VALIDATION_ERROR", [error]]);
  });
});

describe("a transaction", () => {
  it("is shown to its two parties, with its webhooks", async () => {
    const [{ reference } = { reference: "" }] = sent;
    const [asSender, asReceiver] = [
      await walk.must(alice, "GET", `/transactions/${reference}`),
      await walk.must(bob, "GET", `/transactions/${reference}`),
    ];
    expect(asSender).toEqual(asReceiver);
    expect(asSender).toMatchObject({ reference, amount: 1, webhooks: [] });
  });
});

describe("the ledger", () => {
  const ledger = (query = "", who = alice) => walk.must(who, "GET", `/wallet/ledger${query}`);

  it("chains without gaps, and mirrors the other side's", async () => {
    const entries = (await ledger("?sort=createdAt,asc")).content;
    expect(
      entries.map(({ entryType, amount, openingBalance, closingBalance }: Entry) => [
        entryType,
        amount,
        openingBalance,
        closingBalance,
      ]),
    ).toEqual([
      ["DEBIT", 2, 0, -2],
      ["DEBIT", 4, -2, -6],
    ]);
    expect(entries[0]).toMatchObject({
      applicationId: alice.id,
      walletId: (await walk.must(alice, "GET", "/wallet")).id,
      transactionReference: sent[1]?.reference,
      counterpartyTag: bob.tag,
      currency: "NGN",
    });
    const theirs = (await ledger("?sort=createdAt,asc", bob)).content;
    expect(theirs.map(({ entryType, closingBalance }: Entry) => [entryType, closingBalance])).toEqual([
      ["CREDIT", 2],
      ["CREDIT", 6],
    ]);
  });

  it("is narrowed by type, reference and time", async () => {
    const second = sent[1]?.createdAt ?? "";
    const day = second.slice(0, 10);
    const nextDay = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    const third = sent[2]?.createdAt ?? "";
    for (const [query, amounts] of [
      ["type=DEBIT", [4, 2]],
      ["type=CREDIT", []],
      [`reference=${sent[3]?.reference}`, [4]],
      ["reference=TXN-00000000-00000000", []],
      [`from=${third}`, [4]],
      [`to=${third}`, [2]],
      [`from=${second}&to=${third}`, [2]],
      [`from=${day}&to=${nextDay}`, [4, 2]],
      [`from=${nextDay}`, []],
      [`from=${encodeURIComponent(third.replace("Z", "+00:00"))}`, [4]],
    ] as const) {
      const page = await ledger(`?${query}`);
      expect([amountsOf(page), page.totalElements], query).toEqual([amounts, amounts.length]);
    }
  });

  it.each([
    ["type=debit", "type must be one of DEBIT, CREDIT"],
    ["from=yesterday", "from must be a date-time with a zone, or a date"],
    ["to=2026-02-30", "to must be a date-time with a zone, or a date"],
    ["to=2026-02-30T10:00:00Z", "to must be a date-time with a zone, or a date"],
    ["to=2026-11-20T10:00:00", "to must be a date-time with a zone, or a date"],
    ["currency=ngn", "currency must be three capital letters"],
  ])("is refused: %s", async (query, error) => {
    const { status, body } = await walk.ask(alice, "GET", `/wallet/ledger?${query}`);
    expect([status, body.errorCode, body.errors]).toEqual([400, "VALIDATION_ERROR", [error]]);
  });
});

describe("a wallet", () => {
  it("is there from the first transaction in its currency on, or once it is provisioned", async () => {
    const tenant = await walk.tenant();
    for (const path of ["/wallet", "/wallet/ledger", "/wallet?currency=EUR"]) {
      const { status, body } = await walk.ask(tenant, "GET", path);
      expect([status, body.errorCode], path).toEqual([404, "WALLET_NOT_FOUND"]);
    }
    const first = await walk.ask(tenant, "POST", "/wallet");
    expect([first.status, first.body.message]).toEqual([200, "Wallet provisioned or already exists"]);
    expect(first.body.data).toEqual({
      id: expect.any(String),
      applicationId: tenant.id,
      applicationName: tenant.name,
      currency: "NGN",
      balance: 0,
      totalDebited: 0,
      totalCredited: 0,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await walk.ask(tenant, "POST", "/wallet", {})).body.data).toEqual(first.body.data);
    expect(await walk.must(tenant, "GET", "/wallet")).toEqual(first.body.data);
    expect((await walk.must(tenant, "GET", "/wallet/ledger")).content).toEqual([]);

    await walk.initiated(alice, tenant, { currency: "EUR" });
    await walk.must(tenant, "POST", "/wallet", { currency: "USD" });
    const wallets = await walk.must(tenant, "GET", "/wallets");
    expect(wallets.map(({ currency }: { currency: string }) => currency)).toEqual(["EUR", "NGN", "USD"]);
    expect((await walk.must(tenant, "GET", "/wallet?currency=EUR")).currency).toBe("EUR");
    const unknown = await walk.ask(tenant, "POST", "/wallet", { currency: "ZZZ" });
    expect([unknown.status, unknown.body.errorCode]).toEqual([422, "UNSUPPORTED_CURRENCY"]);
  });
});
