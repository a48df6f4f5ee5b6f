import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { emptyCost } from "../../src/cost";
import type { CursorPage, Part } from "../../src/db/cursor-page";
import { type Database, openDatabase } from "../../src/db/database";
import { lookedAtMax } from "../../src/db/look-through";
import { type TransferFilter, transfersAt } from "../../src/db/transfers/transfer-lists";
import type { TransferView } from "../../src/db/transfers/transfers";
import { entriesAt, selectEntryPlace, type WalletEntry } from "../../src/db/transfers/wallet-ledger";
import { sideId } from "../../src/domain/transfers/side";

/** Tests of lists that an application has of a million rows, one a second: a page costs what the page costs. */

const million = 1_000_000;
const sender = "01a1f91e-f699-84f8-8dd3-000000000001";
const startMs = Date.UTC(2030, 0, 1);

/** The id of the transfer with a number. It begins with its time. */
function idOf(number: number): string {
  const time = (startMs + number * 1_000).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-8000-8000-${String(number).padStart(11, "0")}0`;
}

const referenceOf = (number: number) => `TXN-${String(number).padStart(8, "0")}-00000000`;

beforeAll(async () => {
  const numbers = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${million})`;
  const id = (last: string) =>
    `substr(printf('%012x', ${startMs} + i * 1000), 1, 8) || '-' || substr(printf('%012x', ${startMs} + i * 1000), 9)
      || '-8000-8000-' || printf('%011d', i) || '${last}'`;
  const at = `${startMs} + i * 1000`;
  const reference = "printf('TXN-%08d-00000000', i)";
  await env.DB.batch([
    env.DB.prepare(`${numbers} insert into transfers (reference, id, state, sender_app_id, receiver_app_id, sender_tag_id,
      receiver_tag_id, sender_tag, receiver_tag, sender_app_name, receiver_app_name, amount, currency, expires_at,
      accepted_at, created_at, updated_at)
      select ${reference}, ${id("0")}, iif(i % 250000 = 0, 'REJECTED', 'COMPLETED'), '${sender}', 'r', 's', 'r', 's', 'r',
        'S', 'R', 1, 'NGN', 0, ${at}, ${at}, 0 from n`),
    env.DB.prepare(`${numbers} insert into wallet_entries (application_id, currency, sequence, id, transfer_id, reference,
      type, amount, opening_balance, closing_balance, counterparty_tag, day, created_at)
      select '${sender}', 'NGN', i, ${id("4")}, 't', ${reference}, 'DEBIT', 1, 1 - i, -i, 'r', '2030-01-01', ${at} from n`),
    env.DB.prepare(`insert into wallets (application_id, currency, id, balance, total_debited_high, total_debited_low,
      total_credited_high, total_credited_low, sequence, created_at, updated_at)
      values ('${sender}', 'NGN', 'w', -${million}, 0, ${million}, 0, 0, ${million}, 0, 0)`),
  ]);
}, 120_000);

/** Runs a read. Returns what it found, and the rows that it has read. */
async function counted<Found>(read: (db: Database) => Promise<Found>): Promise<{ found: Found; rowsRead: number }> {
  const cost = emptyCost();
  const found = await read(openDatabase(env.DB, cost));
  return { found, rowsRead: cost.rowsRead };
}

describe("the transfers of an application", () => {
  const list = (filter: TransferFilter, page: Partial<CursorPage>) =>
    counted((db) => transfersAt(db, "sent", sender, filter, { limit: 20, order: "desc", ...page }));
  const numbersOf = (part: Part<TransferView> | undefined) =>
    part?.rows.map(({ reference }) => Number(reference.slice(4, 12)));

  it.each([1, 500_000, 999_950])("are read from anywhere for what a page costs: %i", async (number) => {
    for (const id of [referenceOf(number), idOf(number)]) {
      const { found, rowsRead } = await list({}, { order: "asc", cursor: { id, side: "after" } });
      expect(numbersOf(found)).toEqual(Array.from({ length: 20 }, (_, index) => number + 1 + index));
      expect(rowsRead).toBeLessThan(120);
    }
  });

  it("are read of a time, and of a reference, for what a page costs", async () => {
    const createdAfterMs = startMs + 700_000_000;
    const ofTime = await list({ createdAfterMs, createdBeforeMs: createdAfterMs + 5_000 }, {});
    expect(numbersOf(ofTime.found)).toEqual([700_004, 700_003, 700_002, 700_001, 700_000]);
    const one = await list({ reference: referenceOf(3) }, {});
    expect(numbersOf(one.found)).toEqual([3]);
    for (const { rowsRead } of [ofTime, one]) expect(rowsRead).toBeLessThan(120);
  });

  it("are looked through, two thousand at once, and the answer says how far", async () => {
    const first = await list({ state: "REJECTED" }, {});
    expect(numbersOf(first.found)).toEqual([1_000_000]);
    expect(first.found).toMatchObject({ hasMore: true, scannedTo: referenceOf(million - lookedAtMax + 1) });
    const id = first.found?.scannedTo ?? "";
    const second = await list({ state: "REJECTED" }, { cursor: { id, side: "after" } });
    expect(second.found).toMatchObject({
      rows: [],
      hasMore: true,
      scannedTo: referenceOf(million - 2 * lookedAtMax + 1),
    });
    const near = await list({ state: "REJECTED" }, { cursor: { id: referenceOf(250_500), side: "after" } });
    expect(numbersOf(near.found)).toEqual([250_000]);
    const last = await list({ state: "REJECTED" }, { cursor: { id: referenceOf(1_500), side: "after" } });
    expect(last.found).toEqual({ rows: [], hasMore: false });
    // Once for the transfers and once for their records, each with the two rows that say how far it came.
    for (const { rowsRead } of [first, second, near, last]) expect(rowsRead).toBeLessThan(5 * lookedAtMax);
    // What is found at once is not looked for any further.
    expect((await list({ state: "COMPLETED" }, {})).rowsRead).toBeLessThan(200);
  });
});

describe("the ledger of a wallet", () => {
  const wallet = { applicationId: sender, currency: "NGN" };
  const numbersOf = (rows: readonly WalletEntry[]) => rows.map(({ sequence }) => sequence);

  it("is read from any entry, found by its id, for what a page costs", async () => {
    for (const number of [1, 500_000, 999_990]) {
      const id = sideId(idOf(number), "DEBIT");
      const place = await counted((db) => db.batch([selectEntryPlace(db, wallet, id)]));
      expect(place.found).toEqual([[{ sequence: number }]]);
      const page: CursorPage = { limit: 5, order: "asc", cursor: { id, side: "after" } };
      const { found, rowsRead } = await counted((db) => entriesAt(db, wallet, page, number));
      expect(numbersOf(found.part.rows)).toEqual([1, 2, 3, 4, 5].map((next) => number + next));
      expect(place.rowsRead).toBeLessThan(500); // the chain is halved twice, and two minutes of it are looked at
      expect(rowsRead).toBeLessThan(20);
    }
  });

  it("is read of a time, and of a reference, for what a page costs", async () => {
    const fromMs = startMs + 700_000_000;
    const page: CursorPage = { limit: 3, order: "desc" };
    const ofTime = await counted((db) => entriesAt(db, { ...wallet, fromMs, toMs: fromMs + 2_000 }, page));
    expect(numbersOf(ofTime.found.part.rows)).toEqual([700_001, 700_000]);
    const one = await counted((db) => entriesAt(db, { ...wallet, reference: referenceOf(7) }, page));
    expect(numbersOf(one.found.part.rows)).toEqual([7]);
    for (const { rowsRead } of [ofTime, one]) expect(rowsRead).toBeLessThan(900);
  });
});
