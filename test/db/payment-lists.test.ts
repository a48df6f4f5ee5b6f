import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { emptyCost } from "../../src/cost";
import { type Database, openDatabase } from "../../src/db/database";
import { pageOfPaymentDisputes } from "../../src/db/payments/dispute-lists";
import { paymentsByCursor } from "../../src/db/payments/payment-lists";
import { pageOfPaymentRefunds } from "../../src/db/payments/refund-lists";
import { plansOf, scansIn } from "../operations/plans";
import { rows } from "../operations/rows";
import { fillEveryTable, owner, rowId } from "./many-rows";

/** Lists of an app with more rows than one page may look at, of which a filter means a few. */
const count = 5_000;
const wanted = [7, 1_500, 2_999, 3_000, 4_998].map(rowId);
const ofApp = { developerId: owner, appId: owner };
const sparse = { ...ofApp, status: "failed" } as const;

beforeAll(async () => {
  await fillEveryTable(0, count - 1);
  const names = wanted.map((id) => `'${id}'`).join();
  await rows(`update payments set state = 'failed', captured_minor = 0, stripe_id = null where id in (${names})`);
  await rows("update payments set stripe_id = null");
  await rows("update stripe_effects set attempts = 0");
});

async function counted<T>(ask: (db: Database) => Promise<T>): Promise<{ found: T; rowsRead: number; trips: number }> {
  const cost = emptyCost();
  const found = await ask(openDatabase(env.DB, cost));
  return { found, rowsRead: cost.rowsRead, trips: cost.roundTrips };
}

describe("a filter that few rows match", () => {
  it.each([
    ["desc", "after"],
    ["asc", "after"],
    ["desc", "before"],
    ["asc", "before"],
  ] as const)("finds them all in pages that say how far they came: %s, %s", async (order, side) => {
    const isAscending = (order === "asc") === (side === "after");
    const end = rowId(isAscending ? 0 : count - 1);
    const seen: string[] = [];
    let cursor = end;
    for (let pages = 1, more = true; more; pages += 1) {
      const page = { limit: 2, order, cursor: { id: cursor, side } };
      const { found, rowsRead, trips } = await counted((db) => paymentsByCursor(db, sparse, page));
      if (!found) throw new Error("the cursor is unknown");
      // Two thousand are looked at, and counted again to find the last of them; each match has its calls looked up.
      expect(rowsRead).toBeLessThanOrEqual(2 * 2_000 + 20);
      expect(trips).toBe(1);
      expect(pages).toBeLessThan(9);
      const ids = found.rows.map(({ id }) => id);
      seen.push(...(side === "before" ? ids.toReversed() : ids));
      const last = side === "before" ? ids[0] : ids.at(-1);
      cursor = found.scannedTo ?? last ?? "";
      more = found.hasMore;
    }
    expect(seen).toEqual(isAscending ? wanted : wanted.toReversed());
  });

  it("stops as soon as the page is full", async () => {
    const page = { limit: 2, order: "asc", cursor: { id: rowId(2_998), side: "after" } } as const;
    const { found, rowsRead } = await counted((db) =>
      paymentsByCursor(db, { ...ofApp, status: "requires_action" }, page),
    );
    expect(found).toMatchObject({ rows: [{ id: rowId(3_002) }, { id: rowId(3_004) }], hasMore: true });
    expect(rowsRead).toBeLessThan(40);
  });
});

it("knows no row of another app as a cursor", async () => {
  const elsewhere = { developerId: owner, appId: rowId(1) };
  const page = { limit: 2, order: "desc", cursor: { id: rowId(9), side: "after" } } as const;
  for (const read of [paymentsByCursor, pageOfPaymentRefunds, pageOfPaymentDisputes]) {
    expect((await counted<unknown>((db) => read(db, elsewhere, page))).found).toBeUndefined();
  }
});

describe("an index serves", () => {
  const page = { limit: 20, order: "desc", cursor: { id: rowId(9), side: "after" } } as const;
  const time = { createdAfterMs: 1, createdBeforeMs: 2 };
  it.each([
    [
      "an app's payments of a time",
      "SEARCH payments USING INDEX payments_of_app (developer_id=? AND app_id=? AND id>? AND id<?)",
      (db: Database) => paymentsByCursor(db, { ...ofApp, ...time }, page),
    ],
    [
      "an order's payments of a time",
      "SEARCH payments USING INDEX payments_of_order (order_id=? AND developer_id=? AND app_id=?)",
      (db: Database) => paymentsByCursor(db, { ...ofApp, ...time, orderId: "x" }, page),
    ],
    [
      "an app's refunds of a time",
      "SEARCH payment_refunds USING INDEX payment_refunds_of_app (app_id=? AND id>? AND id<?)",
      (db: Database) => pageOfPaymentRefunds(db, { ...ofApp, ...time, states: ["failed"] }, page),
    ],
    [
      "an order's refunds of a time",
      "SEARCH payment_refunds USING PRIMARY KEY (payment_id=?)",
      (db: Database) => pageOfPaymentRefunds(db, { ...ofApp, ...time, orderId: "x" }, page),
    ],
    [
      "an app's disputes of a time",
      "SEARCH payment_disputes USING INDEX payment_disputes_of_app (app_id=? AND created_at>? AND created_at<?)",
      (db: Database) => pageOfPaymentDisputes(db, { ...ofApp, ...time, state: "open" }, page),
    ],
  ] as const)("%s", async (_, step, work) => {
    const plan = await plansOf(work);
    expect(plan).toContain(step);
    expect(scansIn(plan)).toEqual([]);
  });
});
