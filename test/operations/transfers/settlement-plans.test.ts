import { describe, expect, it } from "vitest";
import type { Database } from "../../../src/db/database";
import {
  insertBatch,
  insertPositions,
  selectLastSettled,
  selectUncounted,
} from "../../../src/db/transfers/count-settlement";
import { loadDueTransfers } from "../../../src/db/transfers/due-transfers";
import { pageOfFailedTransferWebhooks } from "../../../src/db/transfers/failed-records";
import {
  pageOfSettlements,
  selectSettlement,
  selectSettlementEntries,
  settlementsOfDay,
} from "../../../src/db/transfers/settlements";
import { selectTransferWebhookById } from "../../../src/db/transfers/webhook-records";
import { planOf, plansOf, scansIn } from "../plans";

const id = "01a1f91e-f699-84f8-8dd3-bd4d5efaa050";
const batch = { id, day: "2030-01-01", currency: "NGN", atMs: 0 };
const chain = "SEARCH wallet_entries USING PRIMARY KEY (application_id=? AND currency=? AND sequence>?)";
const before = "SEARCH before USING INDEX settlement_entries_of_wallet (application_id=? AND currency=? AND day<?)";

describe("a count", () => {
  it("reads of each chain only what was not counted", async () => {
    for (const plan of [
      await planOf((db) => insertPositions(db, batch)),
      await planOf((db) => insertBatch(db, { ...batch, id: "another", day: "2030-01-02" })),
      await planOf((db) => selectUncounted(db, "2030-01-01")),
    ]) {
      expect(plan).toEqual(expect.arrayContaining([chain, before]));
      expect(scansIn(plan).filter((step) => step !== "SCAN moved")).toEqual(["SCAN wallets"]);
    }
  });

  it("looks for no day in the ledger", async () => {
    const plan = await planOf((db) => selectUncounted(db, "2030-01-01"));
    expect(plan).toContain("SEARCH settlement_batches USING PRIMARY KEY (day=? AND currency=?)");
  });
});

describe("the sweep", () => {
  it("finds what is due by the indexes of what is due", async () => {
    const plan = await plansOf((db) => loadDueTransfers(db, 0, { cursor: "expirations", limit: 500 }));
    expect(plan).toEqual(
      expect.arrayContaining([
        "SEARCH transfers USING COVERING INDEX transfers_expiring (expires_at>? AND expires_at<?)",
        "SEARCH transfer_webhooks USING INDEX transfer_webhooks_due (due_at<?)",
      ]),
    );
    expect(scansIn(plan)).toEqual(["SCAN due"]); // the rows that the index has found
  });

  it("finds the last settled day at the end of the key", async () => {
    expect(await planOf((db) => selectLastSettled(db, "NGN"))).toEqual(["SCAN settlement_batches"]); // in order, and stops at the first
  });
});

describe("readers", () => {
  const page = { limit: 20, offset: 0, order: "desc" } as const;
  const readers: [what: string, work: (db: Database) => Promise<unknown>, step: string][] = [
    [
      "what failed, by the index of what failed",
      (db) => pageOfFailedTransferWebhooks(db, id, page),
      "SEARCH transfer_webhooks USING INDEX transfer_webhooks_failed (application_id=?)",
    ],
    [
      "a receiver's record, by the transfers it received then",
      (db) => db.batch([selectTransferWebhookById(db, id, id, "RECEIVER")]),
      "SEARCH transfers USING COVERING INDEX transfers_received (receiver_app_id=? AND created_at>? AND created_at<?)",
    ],
    [
      "a sender's record, by the transfers it sent then",
      (db) => db.batch([selectTransferWebhookById(db, id, id, "SENDER")]),
      "SEARCH transfers USING COVERING INDEX transfers_sent (sender_app_id=? AND created_at>? AND created_at<?)",
    ],
    [
      "a batch by its id",
      (db) => db.batch([selectSettlement(db, { id }), selectSettlementEntries(db, { id }, "x")]),
      "SEARCH settlement_entries USING PRIMARY KEY (day=? AND currency=? AND application_id=?)",
    ],
    [
      "a day's batches",
      (db) => settlementsOfDay(db, "2030-01-01"),
      "SEARCH settlement_entries USING PRIMARY KEY (day=?)",
    ],
  ];

  it.each(readers)("find %s", async (_, work, step) => {
    const plan = await plansOf(work);
    expect(plan).toContain(step);
    expect(scansIn(plan)).toEqual([]);
  });

  it("find the positions of a page by the keys of its batches", async () => {
    const plan = await plansOf((db) => pageOfSettlements(db, page, "x"));
    expect(plan).toContain("SEARCH settlement_entries USING PRIMARY KEY (day=? AND currency=? AND application_id=?)");
    expect(scansIn(plan).filter((step) => step.includes("settlement_entries"))).toEqual([]);
  });
});
