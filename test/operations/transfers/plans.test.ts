import { exports } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { findTransfer } from "../../../src/db/transfers/transfers";
import { dayOf } from "../../../src/domain/transfers/day";
import type { CommandName } from "../../../src/operations/operations";
import { perform } from "../../../src/operations/perform";
import { Journey } from "../../journey";
import { initiated, makeTenant, type Tenant, wired } from "../../tenant";
import { plansOf, scansIn } from "../plans";
import { rows } from "../rows";

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

/** Makes a transfer that waits, with webhooks for both sides. A record is found by the time in its id, the real one. */
const waiting = async () => initiated(await wired(), here, there, { callbackUrl: hook });

/** Returns the plan of everything that a command asks of the database, under an idempotency key if it has a caller. */
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
    const own = { externalId: "order-1", metadata: null };
    const terms = { amount: 1_000, currency: "NGN", narration: null, callbackUrl: hook, ...own };
    const ways = [
      { senderTag: here.tag, receiverTag: there.tag },
      { senderTag: "user", receiverTag: there.tag, externalId: "order-2" },
    ];
    for (const tags of ways) {
      const steps = await stepsOf("initiate-transfer", { applicationId: here.id, ...terms, ...tags }, here.id);
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

  it("when a transfer is rejected or cancelled, or expires", async () => {
    const { reference } = await waiting();
    const rejected = { applicationId: there.id, reference, reason: null };
    expect(scansIn(await stepsOf("reject-transfer", rejected, there.id))).toEqual([]);
    const cancelled = { applicationId: here.id, reference: (await waiting()).reference };
    expect(scansIn(await stepsOf("cancel-transfer", cancelled, here.id))).toEqual([]);
    const { reference: overdue, expiresAt } = await waiting();
    expect(scansIn(await stepsOf("expire-transfer", { reference: overdue }, undefined, expiresAt))).toEqual([]);
    expect((await findTransfer((await wired()).db, overdue))?.state).toBe("EXPIRED");
  });

  it("when a webhook is sent again", async () => {
    const { webhooks } = await waiting();
    const record = webhooks.find(({ applicationId }) => applicationId === there.id);
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
      await stepsOf("erase-subject", { applicationId, subjectId: made?.id }, here.id),
      await stepsOf("update-tag", { applicationId, tagString: "second", active: false }, here.id),
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
