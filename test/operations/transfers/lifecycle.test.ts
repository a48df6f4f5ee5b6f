import { exports } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTransfer } from "../../../src/db/transfers/transfers";
import { dayAfter, dayOf, startOf } from "../../../src/domain/transfers/day";
import { formatTransferAmount } from "../../../src/domain/transfers/transfer-amount";
import type { PerformDeps } from "../../../src/operations/operations";
import { sweepTransfers } from "../../../src/operations/transfers/sweep-transfers";
import { Journey } from "../../journey";
import { expectBooksInOrder } from "../../outcome";
import { accepted, attempted, initiated, initiation, makeTenant, must, type Tenant, wired } from "../../tenant";
import { rows } from "../rows";
import { addTag } from "./tags";
import { expectWalletsInOrder, walletOf } from "./wallets";

const journey = new Journey((request) => exports.default.fetch(request));
const hourMs = 60 * 60 * 1000;
const noonMs = Date.UTC(2030, 0, 5, 12);

let deps: PerformDeps;
let walletApp: Tenant;
let shopApp: Tenant;
/** Moves the clock of `deps` only. It begins at noon, so that no test meets midnight by accident. */
let laterMs = 0;

beforeEach(async () => {
  await journey.reset();
  laterMs = 0;
  const begunMs = Date.now();
  deps = await wired(() => noonMs + Date.now() - begunMs + laterMs);
  [walletApp, shopApp] = [await makeTenant(deps), await makeTenant(deps)];
});
afterEach(async () => {
  await expectWalletsInOrder();
  await expectBooksInOrder(journey);
});

const accept = (reference: string, { id: applicationId } = shopApp) =>
  attempted(deps, { name: "accept-transfer", input: { applicationId, reference } });
const reject = (reference: string, { id: applicationId } = shopApp) =>
  attempted(deps, { name: "reject-transfer", input: { applicationId, reference, reason: "No longer needed." } });
const cancel = (reference: string, { id: applicationId } = walletApp) =>
  attempted(deps, { name: "cancel-transfer", input: { applicationId, reference } });
const expire = (reference: string) => attempted(deps, { name: "expire-transfer", input: { reference } });
const stateOf = async (reference: string) => (await findTransfer(deps.db, reference))?.state;

describe("accept", () => {
  it("moves the amount once, with an entry on each side", async () => {
    const { reference } = await initiated(deps, walletApp, shopApp, { amount: 120_301, narration: "Fees" });
    const transfer = await accepted(deps, shopApp, await must(deps, initiation(walletApp, shopApp, { amount: 5_000 })));
    const result = await accept(reference);
    expect(result).toMatchObject({ ok: true, value: { state: "COMPLETED", rejectedAt: null } });
    expect(await findTransfer(deps.db, reference)).toEqual(result.ok && result.value);
    expect(await walletOf(walletApp)).toMatchObject({ balance: -125_301, totalDebited: "125301", totalCredited: "0" });
    expect(await walletOf(shopApp)).toMatchObject({ balance: 125_301, totalDebited: "0", totalCredited: "125301" });
    expect(
      await rows(
        `select application_id, sequence, reference, type, opening_balance, closing_balance, counterparty_tag, narration, day
         from wallet_entries order by type, sequence`,
      ),
    ).toEqual(
      [
        { application_id: shopApp.id, type: "CREDIT", counterparty_tag: walletApp.tag, sign: 1 },
        { application_id: walletApp.id, type: "DEBIT", counterparty_tag: shopApp.tag, sign: -1 },
      ].flatMap(({ sign, ...side }) => [
        { ...side, ...of(transfer), sequence: 1, opening_balance: 0, closing_balance: sign * 5_000, narration: null },
        {
          ...side,
          ...of({ reference, acceptedAt: result.ok ? result.value.acceptedAt : null }),
          sequence: 2,
          opening_balance: sign * 5_000,
          closing_balance: sign * 125_301,
          narration: "Fees",
        },
      ]),
    );
  });

  const of = ({ reference, acceptedAt }: { reference: string; acceptedAt: number | null }) => ({
    reference,
    day: dayOf(acceptedAt ?? 0),
  });

  it("is the receiver's alone, and a stranger does not learn that there is anything", async () => {
    const stranger = await makeTenant(deps);
    const administrator = await makeTenant(deps);
    await must(deps, { name: "admit-application", input: { id: administrator.id, operator: "anna", admin: true } });
    const { reference } = await initiated(deps, walletApp, shopApp);
    for (const act of [accept, reject]) {
      expect(await act(reference, walletApp)).toMatchObject({ refusal: "not_receiver" });
      expect(await act(reference, administrator)).toMatchObject({ refusal: "not_receiver" });
      expect(await act(reference, stranger)).toMatchObject({ refusal: "transfer_unknown" });
      expect(await act("TXN-00000000-00000000")).toMatchObject({ refusal: "transfer_unknown" });
    }
    expect(await stateOf(reference)).toBe("AWAITING_ACCEPTANCE");
  });

  it("ends at the moment of the expiry, whether or not the clock has come by", async () => {
    const { reference, expiresAt } = await initiated(deps, walletApp, shopApp);
    laterMs = expiresAt - deps.nowMs() + 1;
    expect(await accept(reference)).toMatchObject({ refusal: "transfer_expired" });
    expect(await reject(reference)).toMatchObject({ refusal: "transfer_expired" });
    expect(await cancel(reference)).toMatchObject({ refusal: "transfer_expired" });
    expect(await stateOf(reference)).toBe("AWAITING_ACCEPTANCE");
    await expire(reference);
    expect(await stateOf(reference)).toBe("EXPIRED");
    expect(await accept(reference)).toMatchObject({ refusal: "transfer_resolved", facts: { status: "EXPIRED" } });
  });

  it("within one application writes both sides, and leaves the balance", async () => {
    await addTag(deps, walletApp, "savings");
    await must(deps, { name: "admit-application", input: { id: walletApp.id, operator: "anna", debitLimit: 0 } });
    for (const amount of [70_000, 30_000]) {
      const { reference } = await must(
        deps,
        initiation(walletApp, shopApp, { receiverTag: `savings@${walletApp.tag.split("@")[1]}`, amount }),
      );
      expect(await accept(reference, walletApp)).toMatchObject({ ok: true, value: { state: "COMPLETED" } });
    }
    expect(await walletOf(walletApp)).toMatchObject({
      balance: 0,
      totalDebited: "100000",
      totalCredited: "100000",
      sequence: 4,
    });
    const chain = await rows(
      "select sequence, type, opening_balance, closing_balance from wallet_entries order by sequence",
    );
    expect(chain).toEqual([
      { sequence: 1, type: "DEBIT", opening_balance: 0, closing_balance: -70_000 },
      { sequence: 2, type: "CREDIT", opening_balance: -70_000, closing_balance: 0 },
      { sequence: 3, type: "DEBIT", opening_balance: 0, closing_balance: -30_000 },
      { sequence: 4, type: "CREDIT", opening_balance: -30_000, closing_balance: 0 },
    ]);
  });

  it("keeps currencies apart", async () => {
    for (const currency of ["NGN", "JPY", "BHD"]) {
      const { reference } = await initiated(deps, walletApp, shopApp, { currency, amount: 120_000 });
      await accept(reference);
      expect(await walletOf(shopApp, currency)).toMatchObject({ balance: 120_000, sequence: 1 });
    }
  });

  it("stays below what a wallet can hold, on either side, and waits on", async () => {
    const [fresh, other] = [await makeTenant(deps), await makeTenant(deps)];
    const most = await initiated(deps, walletApp, shopApp, { amount: Number.MAX_SAFE_INTEGER });
    await accepted(deps, shopApp, most);
    const tooMuch = [
      await initiated(deps, walletApp, other, { amount: 2 }),
      await initiated(deps, fresh, shopApp, { amount: 2 }),
    ];
    for (const [position, { reference }] of tooMuch.entries()) {
      expect(await accept(reference, [other, shopApp][position])).toMatchObject({ refusal: "wallet_limit_exceeded" });
      expect(await stateOf(reference)).toBe("AWAITING_ACCEPTANCE");
    }
    expect(await walletOf(shopApp)).toMatchObject({ balance: Number.MAX_SAFE_INTEGER, sequence: 1 });
  });

  it("adds amounts up digit for digit", async () => {
    const amounts = fc.array(fc.integer({ min: 2, max: 900_719_925_474_099 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(amounts, async (list) => {
        const [sender, receiver] = [await makeTenant(deps), await makeTenant(deps)];
        for (const amount of list) await accepted(deps, receiver, await initiated(deps, sender, receiver, { amount }));
        // Summed in decimal digits, without the code under test and without floating point.
        const sum = list
          .reduce((total, amount) => total + BigInt(amount), 0n)
          .toString()
          .padStart(5, "0");
        const decimal = `${sum.slice(0, -4)}.${sum.slice(-4)}`.replace(/\.?0+$/, "");
        expect(formatTransferAmount((await walletOf(receiver)).balance)).toBe(decimal);
        expect(formatTransferAmount((await walletOf(sender)).balance)).toBe(`-${decimal}`);
      }),
      { numRuns: 8 },
    );
  });
});

describe("reject and expire", () => {
  it("move nothing, and the first end stands", async () => {
    const { reference } = await initiated(deps, walletApp, shopApp);
    const result = await reject(reference);
    expect(result).toMatchObject({ ok: true, value: { state: "REJECTED", rejectionReason: "No longer needed." } });
    expect(await accept(reference)).toMatchObject({ refusal: "transfer_resolved", facts: { status: "REJECTED" } });
    laterMs = 48 * hourMs;
    await expire(reference);
    expect(await findTransfer(deps.db, reference)).toEqual(result.ok && result.value);
    expect(await rows("select * from wallet_entries")).toEqual([]);
  });

  it("are too late for a transfer that its sender took back", async () => {
    const { reference } = await initiated(deps, walletApp, shopApp);
    const result = await cancel(reference);
    expect(result).toMatchObject({ ok: true, value: { state: "CANCELLED", acceptedAt: null, rejectedAt: null } });
    const { cancelledAt, updatedAt } = (await findTransfer(deps.db, reference)) ?? {};
    expect([cancelledAt, updatedAt]).toEqual([expect.any(Number), cancelledAt]);
    const late = { refusal: "transfer_resolved", facts: { status: "CANCELLED" } };
    for (const answer of [accept, reject, cancel]) expect(await answer(reference)).toMatchObject(late);
    laterMs = 48 * hourMs;
    await sweepTransfers({ ...deps, enqueueDeliveries: async () => undefined });
    await expire(reference);
    expect(await findTransfer(deps.db, reference)).toEqual(result.ok && result.value);
    expect(await rows("select * from wallet_entries")).toEqual([]);
    expect(await rows("select * from settlement_batches where transaction_count > 0")).toEqual([]);
  });

  it("leave nothing to take back", async () => {
    const { reference } = await initiated(deps, walletApp, shopApp);
    await accept(reference);
    expect(await cancel(reference)).toMatchObject({ refusal: "transfer_resolved", facts: { status: "COMPLETED" } });
    expect(await walletOf(walletApp)).toMatchObject({ balance: -15_000_000 });
  });

  it("expires nothing before its time", async () => {
    const { reference } = await initiated(deps, walletApp, shopApp);
    expect(await expire(reference)).toEqual({ ok: true, value: null });
    expect(await stateOf(reference)).toBe("AWAITING_ACCEPTANCE");
    expect(await expire("TXN-00000000-00000000")).toMatchObject({ refusal: "transfer_unknown" });
  });
});

describe("a closed day", () => {
  const close = (day: string) => rows("insert into settlement_days (day, closed_at) values (?, 0)", day);
  const daysOfEntries = () => rows("select distinct day, created_at from wallet_entries");

  it("takes no acceptance: it counts for the first moment of the next", async () => {
    const { reference } = await initiated(deps, walletApp, shopApp);
    const today = dayOf(deps.nowMs());
    await close(today);
    const midnight = startOf(dayAfter(today));
    expect(await accept(reference)).toMatchObject({ ok: true, value: { acceptedAt: midnight, updatedAt: midnight } });
    expect(await daysOfEntries()).toEqual([{ day: dayAfter(today), created_at: midnight }]);
  });

  it("that closes between reading and writing is noticed by the batch itself", async () => {
    const { reference } = await initiated(deps, walletApp, shopApp);
    const today = dayOf(deps.nowMs());
    let batches = 0;
    const db = new Proxy(deps.db, {
      get(target, name, receiver) {
        if (name !== "batch") return Reflect.get(target, name, receiver);
        return async (statements: Parameters<typeof target.batch>[0]) => {
          batches += 1;
          if (batches === 2) await close(today);
          return target.batch(statements);
        };
      },
    });
    const input = { applicationId: shopApp.id, reference };
    const late = await attempted({ ...deps, db }, { name: "accept-transfer", input });
    expect(late).toMatchObject({ ok: true, value: { acceptedAt: startOf(dayAfter(today)) } });
    expect(batches).toBe(4); // read, refused, read again, written
    expect(await daysOfEntries()).toMatchObject([{ day: dayAfter(today) }]);
  });

  it("is no way past the expiry", async () => {
    const { reference, expiresAt } = await initiated(deps, walletApp, shopApp);
    laterMs = expiresAt - deps.nowMs() - 1_000;
    await close(dayOf(deps.nowMs()));
    expect(await accept(reference)).toMatchObject({ refusal: "transfer_expired" });
  });
});
