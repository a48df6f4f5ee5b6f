import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TransferView } from "../../../src/db/transfers/transfers";
import type { PerformDeps } from "../../../src/operations/operations";
import { Journey } from "../../journey";
import { expectBooksInOrder } from "../../outcome";
import { attempted, initiated, makeTenant, must, type Tenant, wired } from "../../tenant";
import { rows } from "../rows";
import { expectWalletsInOrder, walletOf } from "./wallets";

const journey = new Journey((request) => exports.default.fetch(request));
let deps: PerformDeps;

beforeEach(async () => {
  await journey.reset();
  deps = await wired();
});
afterEach(async () => {
  await expectWalletsInOrder();
  await expectBooksInOrder(journey);
});

const accept = ({ id: applicationId }: Tenant, { reference }: TransferView, by = deps) =>
  attempted(by, { name: "accept-transfer", input: { applicationId, reference } });
const cancel = ({ id: applicationId }: Tenant, { reference }: TransferView) =>
  attempted(deps, { name: "cancel-transfer", input: { applicationId, reference } });
const reject = ({ id: applicationId }: Tenant, { reference }: TransferView) =>
  attempted(deps, { name: "reject-transfer", input: { applicationId, reference, reason: null } });

/** Shuffles the racers, the same way each time, so that no place decides. */
function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item, place) => ({ item, place: (place * 0.618_034) % 1 }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

describe("250 answers to 50 transfers between five applications", () => {
  it("resolve each of them once", async () => {
    const tenants = await Promise.all(Array.from({ length: 5 }, () => makeTenant(deps)));
    const tenant = (position: number) => tenants[position % 5] as Tenant;
    const transfers = await Promise.all(
      Array.from({ length: 50 }, async (_, number) => {
        // Every pair in both directions, so that each wallet pays and is paid at the same time.
        const [from, to] = [tenant(number), tenant(number + 1 + (number % 4))];
        const callbackUrl = number % 2 === 0 ? "http://localhost:8787/sandbox/inbox/sender" : null;
        return { from, to, transfer: await initiated(deps, from, to, { amount: 10_000 + number, callbackUrl }) };
      }),
    );
    // The second clock is ahead: by the first it is not too late yet, by the second it is.
    const late = await wired(() => Date.now() + 25 * 60 * 60 * 1000);
    const racers = transfers.flatMap(({ from, to, transfer }) => [
      async () => ({ transfer, name: "COMPLETED", result: await accept(to, transfer) }),
      async () => ({ transfer, name: "COMPLETED", result: await accept(to, transfer) }),
      async () => ({ transfer, name: "REJECTED", result: await reject(to, transfer) }),
      async () => ({ transfer, name: "CANCELLED", result: await cancel(from, transfer) }),
      async () => {
        const { reference } = transfer;
        const result = await attempted(late, { name: "expire-transfer", input: { reference } });
        return { transfer, name: "EXPIRED", result };
      },
    ]);
    const outcomes = await Promise.all(shuffled(racers).map((race) => race()));

    const states = new Map(
      (await rows<{ reference: string; state: string }>("select reference, state from transfers")).map(
        ({ reference, state }) => [reference, state],
      ),
    );
    for (const { transfer } of transfers) {
      const own = outcomes.filter((outcome) => outcome.transfer === transfer);
      const answers = own.filter(({ name }) => name !== "EXPIRED");
      const won = answers.filter(({ result }) => result.ok).map(({ name }) => name);
      expect([["COMPLETED"], ["REJECTED"], ["CANCELLED"], []]).toContainEqual(won);
      expect(states.get(transfer.reference)).toBe(won[0] ?? "EXPIRED");
      const lost = answers.filter(({ result }) => !result.ok).map(({ result }) => result);
      for (const result of lost) expect(result).toMatchObject({ refusal: "transfer_resolved" });
    }
    expect(
      await rows(`select count(*) as changes, max(version) as last from journal
                  where aggregate_id in (select id from transfers) group by aggregate_id having changes <> 2 or last <> 2`),
    ).toEqual([]);
    // The sender has one record of each end, if it has a callback.
    expect(await rows("select reference from transfer_webhooks where direction = 'SENDER' order by 1")).toEqual(
      transfers
        .filter(({ transfer }) => transfer.callbackUrl !== null)
        .map(({ transfer: { reference } }) => ({ reference }))
        .toSorted((one, other) => (one.reference < other.reference ? -1 : 1)),
    );
  });
});

describe("a debit limit under 50 parallel acceptances", () => {
  let payer: Tenant;
  const limit = (debitLimit: number | null) =>
    attempted(deps, { name: "admit-application", input: { id: payer.id, operator: "anna", debitLimit } });

  beforeEach(async () => {
    payer = await makeTenant(deps);
  });

  async function race(amounts: readonly number[]) {
    const payees = await Promise.all(Array.from({ length: 5 }, () => makeTenant(deps)));
    const transfers: { to: Tenant; transfer: TransferView }[] = [];
    for (const [number, amount] of amounts.entries()) {
      const to = payees[number % 5] as Tenant;
      transfers.push({ to, transfer: await initiated(deps, payer, to, { amount }) });
    }
    const results = await Promise.all(transfers.map(({ to, transfer }) => accept(to, transfer)));
    const isTaken = (index: number) => results[index]?.ok === true;
    for (const result of results) if (!result.ok) expect(result.refusal).toBe("debit_limit_exceeded");
    return {
      taken: amounts.filter((_, index) => isTaken(index)),
      left: amounts.filter((_, index) => !isTaken(index)),
      waiting: transfers.filter((_, index) => !isTaken(index)),
    };
  }

  it.each([
    [500_000, "is reached to the unit"],
    [549_999, "is not exceeded by one unit"],
  ])("%i %s by equal amounts", async (most) => {
    await limit(most);
    const { taken, left } = await race(Array.from({ length: 50 }, () => 50_000));
    expect([taken.length, left.length]).toEqual([10, 40]);
    expect(await walletOf(payer)).toMatchObject({ balance: -500_000, debitLimit: most });
  });

  it("takes all that fits, whatever the amounts", async () => {
    await limit(1_000_000);
    const amounts = Array.from({ length: 50 }, (_, number) => 2 + ((number * 7_919) % 90_000));
    const { taken, left, waiting } = await race(amounts);
    const { balance } = await walletOf(payer);
    expect(balance).toBe(-taken.reduce((sum, amount) => sum + amount, 0));
    expect(balance).toBeGreaterThanOrEqual(-1_000_000);
    // The balance only fell, so the refused amounts still do not fit.
    for (const amount of left) expect(balance - amount).toBeLessThan(-1_000_000);
    expect(left.length).toBeGreaterThan(0);
    const states = await rows("select distinct state from transfers where accepted_at is null");
    expect(states).toEqual([{ state: "AWAITING_ACCEPTANCE" }]);

    // Nothing is lost: they fit as soon as the limit is raised.
    await limit(null);
    const results = await Promise.all(waiting.map(({ to, transfer }) => accept(to, transfer)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect((await walletOf(payer)).balance).toBe(-amounts.reduce((sum, amount) => sum + amount, 0));
  });

  it("that the balance breaks already is refused, and the old one stands", async () => {
    const payee = await makeTenant(deps);
    await accept(payee, await initiated(deps, payer, payee, { amount: 50_000 }));
    expect(await limit(49_999)).toMatchObject({ refusal: "debit_limit_exceeded" });
    expect(await walletOf(payer)).toMatchObject({ debitLimit: null });
    expect(await limit(50_000)).toMatchObject({ ok: true, value: { debitLimit: 50_000 } });
    expect(await walletOf(payer)).toMatchObject({ debitLimit: 50_000 });
  });

  it("holds for wallets that come later, and not for money that comes in", async () => {
    await limit(0);
    const payee = await makeTenant(deps);
    const owed = await initiated(deps, payer, payee, { amount: 2, currency: "USD" });
    expect(await walletOf(payer, "USD")).toMatchObject({ debitLimit: 0 });
    expect(await accept(payee, owed)).toMatchObject({ refusal: "debit_limit_exceeded" });
    await accept(payer, await initiated(deps, payee, payer, { amount: 2, currency: "USD" }));
    expect(await accept(payee, owed)).toMatchObject({ ok: true });
    expect(await walletOf(payer, "USD")).toMatchObject({ balance: 0, totalDebited: "2", totalCredited: "2" });
  });

  it("races with the acceptances themselves, and is never broken", async () => {
    const payee = await makeTenant(deps);
    const transfers: TransferView[] = [];
    for (let number = 0; number < 20; number += 1)
      transfers.push(await initiated(deps, payer, payee, { amount: 1_000 }));
    const [limited, ...results] = await Promise.all([
      limit(10_000),
      ...transfers.map((transfer) => accept(payee, transfer)),
    ]);
    const { balance, debitLimit } = await walletOf(payer);
    const application = await must(deps, { name: "update-application", input: { id: payer.id, changes: {} } });
    expect(application.debitLimit).toBe(debitLimit);
    expect(debitLimit).toBe(limited.ok ? 10_000 : null);
    expect(balance).toBe(-1_000 * results.filter(({ ok }) => ok).length);
    if (limited.ok) expect(balance).toBeGreaterThanOrEqual(-10_000);
  });
});
