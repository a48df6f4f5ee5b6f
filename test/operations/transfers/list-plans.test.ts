import { describe, expect, it } from "vitest";
import type { CursorPage } from "../../../src/db/cursor-page";
import type { Database } from "../../../src/db/database";
import { timelineOf } from "../../../src/db/operator/timeline";
import type { Page } from "../../../src/db/page";
import {
  loadApplication,
  pageOfApplications,
  pageOfSubjects,
  selectApplication,
  selectApplicationByHandle,
  selectSubject,
  selectSubjectByExternalId,
  selectTag,
  selectTagsAt,
} from "../../../src/db/transfers/applications";
import { pageOfFailedTransferWebhooks } from "../../../src/db/transfers/failed-records";
import type { TransferWebhook } from "../../../src/db/transfers/transfer";
import { pageOfTransfers, transfersAt } from "../../../src/db/transfers/transfer-lists";
import { findTransfer, loadTransfer } from "../../../src/db/transfers/transfers";
import { type EntryFilter, pageOfEntries } from "../../../src/db/transfers/wallet-ledger";
import { selectWallet, selectWallets } from "../../../src/db/transfers/wallets";
import {
  loadTransferDelivery,
  selectTransferWebhookById,
  writeTransferAttempt,
} from "../../../src/db/transfers/webhook-records";
import { plansOf, scansIn } from "../plans";

describe("no reader walks a table", () => {
  const firstPage: CursorPage = { limit: 20, order: "desc" };
  const newestFirst: Page = { limit: 20, offset: 0, order: "desc" };
  const both: Page[] = [newestFirst, { ...newestFirst, order: "asc", offset: 20 }];
  const reference = "TXN-00000000-00000000";
  /** Any ids will do, because the plan does not depend on what exists. */
  const applicationId = "01a1f91e-f699-84f8-8dd3-bd4d5efaa050";
  const id = applicationId;
  const ledger = (db: Database, page: Page, filter: Partial<EntryFilter> = {}) =>
    pageOfEntries(db, { applicationId, currency: "NGN", ...filter }, page);
  const chain = "SEARCH wallet_entries USING PRIMARY KEY (application_id=? AND currency=? AND sequence";

  const reads: [name: string, step: string, work: (db: Database) => Promise<unknown>][] = [
    ...both.flatMap((page): typeof reads => [
      [
        `what was sent, ${page.order}`,
        "SEARCH transfers USING COVERING INDEX transfers_sent (sender_app_id=?)",
        (db) => pageOfTransfers(db, "sent", applicationId, page),
      ],
      [
        `what was received, ${page.order}`,
        "SEARCH transfers USING COVERING INDEX transfers_received (receiver_app_id=?)",
        (db) => pageOfTransfers(db, "received", applicationId, page),
      ],
      [
        `what is pending, ${page.order}`,
        "SEARCH transfers USING COVERING INDEX transfers_pending (receiver_app_id=?)",
        (db) => pageOfTransfers(db, "pending", applicationId, page),
      ],
      [`the ledger, ${page.order}`, `${chain}${page.order === "asc" ? ">?" : "<?"})`, (db) => ledger(db, page)],
      [
        `the ledger of a time, ${page.order}`,
        `${chain}>? AND sequence<?)`,
        (db) => ledger(db, page, { fromMs: 1, toMs: 2 }),
      ],
      [
        `the ledger of a reference, ${page.order}`,
        `${chain}>? AND sequence<?)`,
        (db) => ledger(db, page, { reference, type: "DEBIT" }),
      ],
      [
        `what could not be told, ${page.order}`,
        "SEARCH transfer_webhooks USING INDEX transfer_webhooks_failed (application_id=?)",
        (db) => pageOfFailedTransferWebhooks(db, applicationId, page),
      ],
    ]),
    [
      "what was sent under a name",
      "SEARCH transfers USING INDEX transfers_by_external_id (sender_app_id=? AND external_id=?)",
      (db) => transfersAt(db, "sent", applicationId, { externalId: "order-1" }, firstPage),
    ],
    [
      "a transfer",
      "SEARCH transfers USING PRIMARY KEY (reference=?)",
      (db) => Promise.all([findTransfer(db, reference), loadTransfer(db, reference, "2030-01-01")]),
    ],
    ["what happened to a transfer", "SEARCH journal USING PRIMARY KEY (aggregate_id=?)", (db) => timelineOf(db, [id])],
    [
      "whom to tell, and what came of it",
      "SEARCH transfer_webhooks USING PRIMARY KEY (reference=? AND direction=? AND event_type=?)",
      async (db) => {
        const key = { reference, direction: "SENDER", eventType: "TRANSACTION_COMPLETED" } as const;
        await loadTransferDelivery(db, { kind: "transfer", applicationId, ...key }, 0);
        const made = { atMs: 1, targetUrl: "", error: null, state: "DELIVERED", dueAt: null } as const;
        await db.batch([writeTransferAttempt(db, { ...key, version: 1 } as TransferWebhook, made)]);
      },
    ],
    [
      "a record by its id",
      "SEARCH transfers USING COVERING INDEX transfers_sent (sender_app_id=? AND created_at>? AND created_at<?)",
      (db) => db.batch([selectTransferWebhookById(db, applicationId, id, "SENDER")]),
    ],
    [
      "wallets",
      "SEARCH wallets USING PRIMARY KEY (application_id=?)",
      (db) => db.batch([selectWallets(db, applicationId), selectWallet(db, { applicationId, currency: "NGN" })]),
    ],
    [
      "whom a token is for",
      "SEARCH applications USING PRIMARY KEY (id=?)",
      (db) => Promise.all([loadApplication(db, applicationId, 0), db.batch([selectApplication(db, applicationId)])]),
    ],
    [
      "a handle",
      "SEARCH applications USING INDEX applications_by_handle (app_handle=?)",
      (db) => db.batch([selectApplicationByHandle(db, "walletapp")]),
    ],
    [
      "applications after a cursor",
      "SEARCH applications USING PRIMARY KEY (id<?)",
      (db) => pageOfApplications(db, {}, { ...firstPage, cursor: { id, side: "after" } }),
    ],
    [
      "subjects",
      "SEARCH subjects USING INDEX subjects_of_application (application_id=?)",
      (db) => Promise.all([pageOfSubjects(db, applicationId, {}, firstPage), db.batch([selectSubject(db, id)])]),
    ],
    [
      "a subject",
      "SEARCH subjects USING COVERING INDEX subjects_by_external_id (application_id=? AND external_id=?)",
      (db) => db.batch([selectSubjectByExternalId(db, applicationId, "1")]),
    ],
    [
      "a tag",
      "SEARCH tags USING INDEX tags_by_name (tag_string=? AND application_id=?)",
      (db) => db.batch([selectTag(db, applicationId, "user"), selectTagsAt(db, { name: "user" }, applicationId)]),
    ],
    [
      "a bare tag",
      "SEARCH tags USING INDEX tags_by_name (tag_string=?)",
      (db) => db.batch([selectTagsAt(db, { name: "user" })]),
    ],
    [
      "a qualified tag",
      "SEARCH tags USING INDEX tags_by_name (tag_string=? AND application_id=?)",
      (db) => db.batch([selectTagsAt(db, { name: "user", appHandle: "walletapp" })]),
    ],
  ];

  it.each(reads)("of %s: %s", async (_, step, work) => {
    const plan = await plansOf(work);
    expect(plan).toContain(step);
    expect(scansIn(plan)).toEqual([]);
  });

  it.each(["sent", "received", "pending"] as const)("and of what was %s only the page is read", async (list) => {
    const plan = await plansOf((db) => pageOfTransfers(db, list, applicationId, newestFirst));
    expect(plan.filter((step) => step.startsWith("SEARCH transfers USING"))).toEqual([
      "SEARCH transfers USING PRIMARY KEY (reference=?)",
      ...new Array(3).fill(
        `SEARCH transfers USING COVERING INDEX transfers_${list} (${list === "sent" ? "sender" : "receiver"}_app_id=?)`,
      ),
    ]);
  });
});
