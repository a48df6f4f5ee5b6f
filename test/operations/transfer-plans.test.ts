import { exports } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import {
  loadApplication,
  selectApplication,
  selectApplicationByHandle,
  selectApplications,
  selectSubject,
  selectSubjectByExternalId,
  selectSubjects,
  selectTag,
  selectTagsAt,
} from "../../src/db/applications";
import type { Database } from "../../src/db/database";
import type { Page } from "../../src/db/page";
import { timelineOfTransfer } from "../../src/db/transfer-timeline";
import {
  loadTransferDelivery,
  pageOfFailedTransferWebhooks,
  selectTransferWebhookById,
  updateTransferWebhook,
} from "../../src/db/transfer-webhooks";
import { findTransfer, loadTransfer, pageOfTransfers, type Transfer } from "../../src/db/transfers";
import { type EntryFilter, pageOfEntries } from "../../src/db/wallet-ledger";
import { selectWallet, selectWallets } from "../../src/db/wallets";
import { dayOf } from "../../src/domain/day";
import type { CommandName } from "../../src/operations/commands";
import { perform } from "../../src/operations/perform";
import { Journey } from "../journey";
import { initiated, makeTenant, type Tenant, wired } from "../tenant";
import { plansOf, scansIn } from "./plans";
import { rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));
const dayMs = 24 * 60 * 60 * 1000;
const hook = "http://localhost:8787/sandbox/inbox/there";

let here: Tenant;
let there: Tenant;
const nowMs = Date.now();

beforeAll(async () => {
  await journey.reset();
  const deps = await wired(() => nowMs);
  here = await makeTenant(deps);
  there = await makeTenant(deps, { webhookUrl: hook });
});

/** A transfer that waits, and wants everybody to be told. */
const waiting = async () => initiated(await wired(() => nowMs), here, there, { callbackUrl: hook });

/** Everything that a command asks of the database, under an idempotency key where somebody asked for it. */
async function stepsOf(name: CommandName, input: object, caller?: string, atMs = nowMs): Promise<string[]> {
  const deps = await wired(() => atMs);
  const idempotency = { key: crypto.randomUUID(), fingerprint: "same", target: [] };
  const origin = { requestId: "plans", ...(caller === undefined ? {} : { caller, idempotency }) };
  return plansOf(async (db) => {
    const { result } = await perform({ ...deps, db }, { name, input } as never, origin);
    if (!result.ok) throw new Error(`${name} was refused: ${result.refusal}`);
  });
}

describe("no change walks a table", () => {
  const unknown = { displayName: null, email: null, imageUrl: null, metadata: null };

  it("when a transfer is initiated, by whatever address", async () => {
    const terms = { amount: 1_000, currency: "NGN", narration: null, callbackUrl: hook };
    const ways = [
      { senderTag: here.tag, receiverTag: there.tag },
      { senderTag: "user", receiverTag: there.tag },
    ];
    for (const tags of ways) {
      const steps = await stepsOf("initiate-transfer", { applicationId: here.id, ...tags, ...terms }, here.id);
      expect(steps).toContain("SEARCH tags USING INDEX tags_by_name (tag_string=? AND application_id=?)");
      expect(scansIn(steps)).toEqual([]);
    }
  });

  it("when a transfer is accepted", async () => {
    const { reference } = await waiting();
    const steps = await stepsOf("accept-transfer", { applicationId: there.id, reference }, there.id);
    expect(steps).toContain("SEARCH wallets USING PRIMARY KEY (application_id=? AND currency=?)");
    expect(steps).toContain("SEARCH settlement_days USING PRIMARY KEY (day>?)");
    expect(scansIn(steps)).toEqual([]);
  });

  it("when the trigger of an entry asks which days are closed", async () => {
    const [trigger] = await rows<{ sql: string }>(
      "select sql from sqlite_schema where name = 'wallet_entries_open_day'",
    );
    const [, asked] = /EXISTS \((.+?)\) BEGIN/.exec(trigger?.sql ?? "") ?? [];
    const steps = await plansOf((db) => db.batch([db.all(sql.raw(asked?.replace("NEW.`day`", "'2030-01-01'") ?? ""))]));
    expect(steps).toEqual(["SEARCH settlement_days USING PRIMARY KEY (day>?)"]);
  });

  it("when a transfer is rejected, or expires", async () => {
    const { reference } = await waiting();
    const rejected = { applicationId: there.id, reference, reason: null };
    expect(scansIn(await stepsOf("reject-transfer", rejected, there.id))).toEqual([]);
    const { reference: overdue, expiresAt } = await waiting();
    expect(scansIn(await stepsOf("expire-transfer", { reference: overdue }, undefined, expiresAt))).toEqual([]);
    expect((await findTransfer((await wired()).db, overdue))?.state).toBe("EXPIRED");
  });

  it("when somebody is told again", async () => {
    const { webhooks } = await waiting();
    const [record] = webhooks;
    await rows("update transfer_webhooks set state = 'FAILED', due_at = null where id = ?", record?.id);
    const steps = await stepsOf("retry-transfer-webhook", { applicationId: there.id, id: record?.id }, there.id);
    expect(scansIn(steps)).toEqual([]);
  });

  it("when an application, a subject, a tag or a wallet is made or changed", async () => {
    const applicationId = here.id;
    const subject = await stepsOf("create-subject", { applicationId, externalId: "2", ...unknown }, here.id);
    const [made] = await rows<{ id: string }>("select id from subjects where external_id = '2'");
    const tag = { applicationId, subjectId: made?.id, tagString: "second" };
    for (const steps of [
      subject,
      await stepsOf("create-tag", tag, here.id),
      await stepsOf("provision-wallet", { applicationId, currency: "EUR" }, here.id),
      await stepsOf("update-application", { id: here.id, changes: { name: "Another" } }, here.id),
      await stepsOf("admit-application", { id: here.id, operator: "somebody", debitLimit: null }),
    ]) {
      expect(steps.length).toBeGreaterThan(0);
      expect(scansIn(steps)).toEqual([]);
    }
  });

  it("when a day is settled, but for one row a wallet", async () => {
    const steps = await stepsOf("settle-day", { day: dayOf(nowMs - dayMs), by: "clock" });
    const ofWallets = ["SCAN wallets", "SCAN moved"];
    const endsAtTheFirst = ["SCAN settlement_batches", "SCAN settlement_entries"];
    expect([...new Set(scansIn(steps))].toSorted()).toEqual([...ofWallets, ...endsAtTheFirst].toSorted());
  });
});

describe("no reader walks a table", () => {
  const newestFirst: Page = { limit: 20, offset: 0, order: "desc" };
  const both: Page[] = [newestFirst, { ...newestFirst, order: "asc", offset: 20 }];
  const reference = "TXN-00000000-00000000";
  const id = "01a1f91e-f699-84f8-8dd3-bd4d5efaa050";
  const ledger = (db: Database, page: Page, filter: Partial<EntryFilter> = {}) =>
    pageOfEntries(db, { applicationId: here.id, currency: "NGN", ...filter }, page);
  const chain = "SEARCH wallet_entries USING PRIMARY KEY (application_id=? AND currency=? AND sequence";

  const reads: [name: string, step: string, work: (db: Database) => Promise<unknown>][] = [
    ...both.flatMap((page): typeof reads => [
      [
        `what was sent, ${page.order}`,
        "SEARCH transfers USING COVERING INDEX transfers_sent (sender_app_id=?)",
        (db) => pageOfTransfers(db, "sent", here.id, page),
      ],
      [
        `what was received, ${page.order}`,
        "SEARCH transfers USING COVERING INDEX transfers_received (receiver_app_id=?)",
        (db) => pageOfTransfers(db, "received", here.id, page),
      ],
      [
        `what is pending, ${page.order}`,
        "SEARCH transfers USING COVERING INDEX transfers_pending (receiver_app_id=?)",
        (db) => pageOfTransfers(db, "pending", here.id, page),
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
        (db) => pageOfFailedTransferWebhooks(db, here.id, page),
      ],
    ]),
    [
      "a transfer",
      "SEARCH transfers USING PRIMARY KEY (reference=?)",
      (db) => Promise.all([findTransfer(db, reference), loadTransfer(db, reference, "2030-01-01")]),
    ],
    [
      "what happened to a transfer",
      "SEARCH journal USING PRIMARY KEY (aggregate_id=?)",
      (db) => timelineOfTransfer(db, { id, reference } as Transfer),
    ],
    [
      "whom to tell, and what came of it",
      "SEARCH transfer_webhooks USING PRIMARY KEY (reference=? AND direction=?)",
      async (db) => {
        const key = { reference, direction: "SENDER" } as const;
        await loadTransferDelivery(db, { kind: "transfer", applicationId: here.id, ...key });
        await db.batch([updateTransferWebhook(db, key, { attempts: 1 })]);
      },
    ],
    [
      "a record by its id",
      "SEARCH transfers USING COVERING INDEX transfers_sent (sender_app_id=? AND created_at>? AND created_at<?)",
      (db) => db.batch([selectTransferWebhookById(db, here.id, id, "SENDER")]),
    ],
    [
      "wallets",
      "SEARCH wallets USING PRIMARY KEY (application_id=?)",
      (db) => db.batch([selectWallets(db, here.id), selectWallet(db, { applicationId: here.id, currency: "NGN" })]),
    ],
    [
      "whom a token is for",
      "SEARCH applications USING PRIMARY KEY (id=?)",
      (db) => Promise.all([loadApplication(db, here.id), db.batch([selectApplication(db, here.id)])]),
    ],
    [
      "a handle",
      "SEARCH applications USING COVERING INDEX applications_by_handle (app_handle=?)",
      (db) => db.batch([selectApplicationByHandle(db, "walletapp")]),
    ],
    [
      "applications after a cursor",
      "SEARCH applications USING PRIMARY KEY (id<?)",
      (db) => db.batch([selectApplications(db, { after: here.id, limit: 20 })]),
    ],
    [
      "subjects",
      "SEARCH subjects USING INDEX subjects_of_application (application_id=?)",
      (db) => db.batch([selectSubjects(db, here.id), selectSubject(db, id)]),
    ],
    [
      "a subject",
      "SEARCH subjects USING COVERING INDEX subjects_by_external_id (application_id=? AND external_id=?)",
      (db) => db.batch([selectSubjectByExternalId(db, here.id, "1")]),
    ],
    [
      "a tag",
      "SEARCH tags USING INDEX tags_by_name (tag_string=? AND application_id=?)",
      (db) => db.batch([selectTag(db, here.id, "user"), selectTagsAt(db, { name: "user" }, here.id)]),
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
    const plan = await plansOf((db) => pageOfTransfers(db, list, here.id, newestFirst));
    expect(plan.filter((step) => step.startsWith("SEARCH transfers USING"))).toEqual([
      "SEARCH transfers USING PRIMARY KEY (reference=?)",
      ...new Array(3).fill(
        `SEARCH transfers USING COVERING INDEX transfers_${list} (${list === "sent" ? "sender" : "receiver"}_app_id=?)`,
      ),
    ]);
  });
});
