import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../src/db/database";
import type { Page } from "../../../src/db/page";
import { pageOfTransfers, type TransferList } from "../../../src/db/transfers/transfer-lists";
import { findTransfer, type TransferView } from "../../../src/db/transfers/transfers";
import { type EntryFilter, pageOfEntries } from "../../../src/db/transfers/wallet-ledger";
import { Journey } from "../../journey";
import { accepted, attempted, initiated, makeTenant, type Tenant, wired } from "../../tenant";

const journey = new Journey((request) => exports.default.fetch(request));
const startMs = Date.UTC(2030, 0, 5, 10);
const minuteMs = 60_000;

let db: Database;
let here: Tenant;
let there: Tenant;
/**
 * Ten transfers from here to there, one a minute: the first three are accepted, the next two rejected, the rest waits.
 */
let transfers: TransferView[];
/** One transfer the other way, accepted last. */
let back: TransferView;

beforeAll(async () => {
  await journey.reset();
  let nowMs = startMs;
  const deps = await wired(() => nowMs);
  db = deps.db;
  here = await makeTenant(deps);
  there = await makeTenant(deps, { webhookUrl: "http://localhost:8787/sandbox/inbox/there" });
  transfers = [];
  for (let number = 0; number < 10; number += 1) {
    nowMs += minuteMs;
    const callbackUrl = "http://localhost:8787/sandbox/inbox/here";
    transfers.push(await initiated(deps, here, there, { amount: 1_000 + number, callbackUrl }));
  }
  for (const transfer of transfers.slice(0, 3)) {
    nowMs += minuteMs;
    await accepted(deps, there, transfer);
  }
  for (const { reference } of transfers.slice(3, 5)) {
    await attempted(deps, { name: "reject-transfer", input: { applicationId: there.id, reference, reason: null } });
  }
  nowMs += minuteMs;
  back = await initiated(deps, there, here, { amount: 5_000 });
  await accepted(deps, here, back);
});

const newestFirst: Page = { limit: 20, offset: 0, order: "desc" };
const references = (list: readonly { reference: string }[]) => list.map(({ reference }) => reference);

describe("transfers", () => {
  const list = (name: TransferList, { id }: Tenant, page: Partial<Page> = {}) =>
    pageOfTransfers(db, name, id, { ...newestFirst, ...page });

  it("are listed to the one who sent them, and to the one who got them, newest first", async () => {
    const reversed = references(transfers).toReversed();
    for (const { rows, total } of [await list("sent", here), await list("received", there)]) {
      expect(references(rows)).toEqual(reversed);
      expect(total).toBe(10);
    }
    expect(references((await list("sent", there)).rows)).toEqual([back.reference]);
    expect(references((await list("received", here)).rows)).toEqual([back.reference]);
  });

  it("are pending for their receiver alone, until they are resolved", async () => {
    expect(references((await list("pending", there)).rows)).toEqual(references(transfers.slice(5)).toReversed());
    expect(await list("pending", here)).toEqual({ rows: [], total: 0 });
  });

  it("come in pages, and the other way round, with the same total", async () => {
    const pages = [0, 4, 8, 12].map((offset) => list("sent", here, { limit: 4, offset }));
    const found = await Promise.all(pages);
    expect(found.map(({ rows, total }) => [rows.length, total])).toEqual([
      [4, 10],
      [4, 10],
      [2, 10],
      [0, 10],
    ]);
    expect(references(found.flatMap(({ rows }) => rows))).toEqual(references(transfers).toReversed());
    expect(references((await list("sent", here, { order: "asc" })).rows)).toEqual(references(transfers));
  });

  it("carry their webhooks, the receiver's first", async () => {
    const { rows } = await list("sent", here, { order: "asc" });
    const told = rows.map(({ webhooks }) => webhooks.map(({ direction, eventType }) => `${direction} ${eventType}`));
    expect(told.slice(2, 6)).toEqual([
      ["RECEIVER TRANSACTION_INITIATED", "SENDER TRANSACTION_COMPLETED"],
      ["RECEIVER TRANSACTION_INITIATED", "SENDER TRANSACTION_REJECTED"],
      ["RECEIVER TRANSACTION_INITIATED", "SENDER TRANSACTION_REJECTED"],
      ["RECEIVER TRANSACTION_INITIATED"],
    ]);
    for (const row of rows) expect(await findTransfer(db, row.reference)).toEqual(row);
  });
});

describe("a wallet's ledger", () => {
  const ledger = (filter: Partial<EntryFilter> = {}, page: Partial<Page> = {}) =>
    pageOfEntries(db, { applicationId: here.id, currency: "NGN", ...filter }, { ...newestFirst, ...page });
  const amounts = async (filter: Partial<EntryFilter>) => {
    const found = await ledger(filter);
    expect(found?.total).toBe(found?.rows.length);
    return found?.rows.map(({ amount }) => amount);
  };

  it("is the newest first, with its wallet and its total", async () => {
    const found = await ledger({}, { limit: 3, offset: 1 });
    expect(found?.total).toBe(4);
    expect(found?.wallet).toMatchObject({ applicationId: here.id, balance: 5_000 - 3_003 });
    expect(found?.rows.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
  });

  it("is narrowed by type, reference and time", async () => {
    expect(await amounts({ type: "CREDIT" })).toEqual([5_000]);
    expect(await amounts({ type: "DEBIT" })).toEqual([1_002, 1_001, 1_000]);
    expect(await amounts({ reference: transfers[1]?.reference })).toEqual([1_001]);
    // Accepted at the minutes 11, 12, 13 and 14.
    expect(await amounts({ fromMs: startMs + 12 * minuteMs })).toEqual([5_000, 1_002, 1_001]);
    expect(await amounts({ toMs: startMs + 12 * minuteMs })).toEqual([1_000]);
    expect(await amounts({ fromMs: startMs + 12 * minuteMs, toMs: startMs + 14 * minuteMs, type: "DEBIT" })).toEqual([
      1_002, 1_001,
    ]);
  });

  it("is not there without its wallet, and empty before the first payment", async () => {
    expect(await ledger({ currency: "USD" })).toBeUndefined();
    const deps = await wired();
    const newcomer = await makeTenant(deps);
    await initiated(deps, newcomer, here);
    expect(await ledger({ applicationId: newcomer.id })).toMatchObject({ rows: [], total: 0 });
  });
});
