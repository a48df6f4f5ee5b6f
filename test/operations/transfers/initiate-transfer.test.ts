import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTransfer } from "../../../src/db/transfers/transfers";
import { bucketOf } from "../../../src/domain/id";
import type { PerformDeps } from "../../../src/operations/operations";
import { Journey } from "../../journey";
import { expectBooksInOrder } from "../../outcome";
import { attempted, initiated, initiation, makeTenant, must, type Tenant, wired } from "../../tenant";
import { rows } from "../rows";
import { addTag } from "./tags";
import { expectWalletsInOrder, walletOf } from "./wallets";

const journey = new Journey((request) => exports.default.fetch(request));
const hourMs = 60 * 60 * 1000;

let deps: PerformDeps;
let walletApp: Tenant;
let shopApp: Tenant;

beforeEach(async () => {
  await journey.reset();
  deps = await wired();
  [walletApp, shopApp] = [await makeTenant(deps), await makeTenant(deps)];
});
afterEach(async () => {
  await expectWalletsInOrder();
  await expectBooksInOrder(journey);
});

describe("initiate", () => {
  it("moves nothing, holds nothing, and provides both wallets", async () => {
    const transfer = await initiated(deps, walletApp, shopApp, { narration: "School fees" });
    expect(transfer).toMatchObject({
      state: "AWAITING_ACCEPTANCE",
      senderAppId: walletApp.id,
      receiverAppId: shopApp.id,
      senderTag: walletApp.tag,
      receiverTag: shopApp.tag,
      amount: 15_000_000,
      currency: "NGN",
      narration: "School fees",
      expiresAt: transfer.createdAt + 24 * hourMs,
      acceptedAt: null,
      webhooks: [],
    });
    expect(bucketOf(transfer.id)).toBe(bucketOf(walletApp.id));
    for (const tenant of [walletApp, shopApp]) {
      expect(await walletOf(tenant)).toMatchObject({ balance: 0, totalDebited: "0", totalCredited: "0", sequence: 0 });
    }
    expect(await findTransfer(deps.db, transfer.reference)).toEqual(transfer);
  });

  it("shows tags as they were written, whatever their notation and case", async () => {
    await addTag(deps, shopApp, "only-here");
    for (const senderTag of ["user", "@user", "@USER", walletApp.tag, `@${walletApp.tag}`]) {
      for (const receiverTag of ["only-here", "@Only-Here", shopApp.tag.toUpperCase(), `@${shopApp.tag}`]) {
        const transfer = await must(deps, initiation(walletApp, shopApp, { senderTag, receiverTag }));
        expect(transfer).toMatchObject({ senderTag, receiverTag, receiverAppId: shopApp.id });
      }
    }
  });

  it.each([
    ["a sender's tag of another application", () => ({ senderTag: shopApp.tag }), "tag_foreign"],
    [
      "a foreign sender before an unknown receiver",
      () => ({ senderTag: shopApp.tag, receiverTag: "x-y-z" }),
      "tag_foreign",
    ],
    ["a bare sender's tag that only others have", () => ({ senderTag: "only-here" }), "tag_unknown"],
    ["an unknown sender", () => ({ senderTag: "nobody" }), "tag_unknown"],
    ["an unknown receiver", () => ({ receiverTag: "nobody" }), "tag_unknown"],
    ["an unknown handle", () => ({ receiverTag: "user@nowhere" }), "tag_unknown"],
    ["a text that is no tag", () => ({ receiverTag: "us er" }), "tag_unknown"],
    [
      "an unknown sender before an ambiguous receiver",
      () => ({ senderTag: "nobody", receiverTag: "user" }),
      "tag_unknown",
    ],
    ["a bare receiver that two applications have", () => ({ receiverTag: "@user" }), "tag_ambiguous"],
    ["an ambiguous receiver before a currency", () => ({ receiverTag: "user", currency: "ZZZ" }), "tag_ambiguous"],
    [
      "the same tag on both sides, spelled otherwise",
      () => ({ senderTag: "user", receiverTag: walletApp.tag }),
      "self_transfer",
    ],
    ["the same tag before a currency", () => ({ receiverTag: walletApp.tag, currency: "ZZZ" }), "self_transfer"],
    ["a currency that is none", () => ({ currency: "ZZZ" }), "currency_unsupported"],
    ["a currency that was withdrawn", () => ({ currency: "HRK" }), "currency_unsupported"],
  ])("refuses %s", async (_, changes, refusal) => {
    await addTag(deps, shopApp, "only-here");
    expect(await attempted(deps, initiation(walletApp, shopApp, changes()))).toMatchObject({ ok: false, refusal });
    expect(await rows("select * from transfers")).toEqual([]);
    expect(await rows("select * from wallets")).toEqual([]);
  });

  it("reaches nobody in an application that is switched off, and nobody else in its place", async () => {
    await must(deps, { name: "admit-application", input: { id: shopApp.id, operator: "anna", active: false } });
    expect(await attempted(deps, initiation(walletApp, shopApp))).toMatchObject({ refusal: "tag_unknown" });
    expect(await attempted(deps, initiation(walletApp, shopApp, { receiverTag: "user" }))).toMatchObject({
      refusal: "tag_ambiguous",
    });
  });

  it("sends the initiation to the receiver's address, and the end to the transfer's callback address", async () => {
    const told = await makeTenant(deps, { webhookUrl: "http://localhost:8787/sandbox/inbox/shop" });
    const callbackUrl = "http://localhost:8787/sandbox/inbox/wallet";
    const transfer = await initiated(deps, walletApp, told, { callbackUrl });
    expect(transfer.webhooks).toMatchObject([
      {
        direction: "RECEIVER",
        applicationId: told.id,
        eventType: "TRANSACTION_INITIATED",
        state: "PENDING",
        attempts: 0,
      },
    ]);
    const after = await must(deps, {
      name: "reject-transfer",
      input: { applicationId: told.id, reference: transfer.reference, reason: null },
    });
    expect(after.webhooks).toMatchObject([
      { direction: "RECEIVER", targetUrl: "http://localhost:8787/sandbox/inbox/shop" },
      { direction: "SENDER", targetUrl: callbackUrl, applicationId: walletApp.id, eventType: "TRANSACTION_REJECTED" },
    ]);
    expect(new Set(after.webhooks.map(({ id }) => id)).size).toBe(2);
  });

  it("keeps the names that the applications had then", async () => {
    const { reference, receiverAppName } = await initiated(deps, walletApp, shopApp);
    await must(deps, { name: "update-application", input: { id: shopApp.id, changes: { name: "Renamed" } } });
    expect((await findTransfer(deps.db, reference))?.receiverAppName).toBe(receiverAppName);
    expect((await initiated(deps, walletApp, shopApp)).receiverAppName).toBe("Renamed");
  });
});
