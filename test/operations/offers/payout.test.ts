import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession, type Person } from "../../journey";
import { expectBooks, expectProof, hundred } from "../books";
import { attentionOf, owedByExperts, payoutOf, rows, toldOf } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

/** Makes an accepted offer of 100.00, and waits for everything that is done at once. */
async function acceptedOffer(options: { expert?: Person; onboarded?: boolean; price?: number } = {}) {
  const expert = options.expert ?? (await journey.registerExpert());
  if (options.onboarded ?? true) await onboard(expert);
  const session = await journey.paidOffer({ price: hundred.price, ...options, expert, onboarded: false });
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(1);
  return session;
}

/** Opens the account, fills in the page, and lets the event arrive. */
async function onboard(expert: Person): Promise<void> {
  await journey.onboard(expert);
  await journey.advance(0);
}

async function transfersOf({ testimonyId }: PaidSession) {
  return (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data;
}

/** Makes an expert who owes 100.00: paid out, gone to the bank, then refunded. */
async function indebtedExpert(): Promise<Person> {
  const session = await acceptedOffer();
  await journey.advance(3 * 24 * 60 * 60);
  const [transfer] = await transfersOf(session);
  await journey.control("POST", "payouts", { account: transfer.destination });
  expect((await refund(session)).status).toBe(204);
  await journey.advance(10);
  expect(await owedByExperts()).toBe(hundred.priceMinor);
  return session.expert;
}

function refund({ testimonyId }: PaidSession) {
  return journey.operator("POST", `/testimonies/${testimonyId}/refund`, { reason: "The expert fell ill." });
}

/** The ledger after one accepted and paid out offer of 100.00. */
const paidOut = {
  stripe_balance: hundred.totalMinor - hundred.feeMinor - hundred.priceMinor,
  stripe_fees: hundred.feeMinor,
  commission: -hundred.commissionMinor,
};

/** The ledger after one accepted offer of 100.00 whose payout waits. */
const waiting = { ...paidOut, stripe_balance: paidOut.stripe_balance + hundred.priceMinor, expert_payable: -10_000 };

describe("sending", () => {
  it("transfers the price out of the charge while nothing is available yet", async () => {
    const session = await acceptedOffer();
    const balance = await journey.stripe("/balance");
    expect(balance.available.every((one: { amount: number }) => one.amount === 0)).toBe(true);
    const transfers = await transfersOf(session);
    expect(transfers).toMatchObject([
      {
        amount: hundred.priceMinor,
        currency: "eur",
        transfer_group: session.testimonyId,
        metadata: { testimony_id: session.testimonyId, offer_id: session.offerId },
      },
    ]);
    expect(transfers[0].source_transaction).toMatch(/^ch_/);
    await expectBooks(journey, paidOut);
  });

  it("tells the expert and the world, once", async () => {
    const session = await acceptedOffer();
    await journey.advance(60);
    const { body } = await journey.must(200, "GET", "/me/notifications", { token: session.expert.token });
    expect(body.data.map((one: { type: string }) => one.type)).toEqual(["payout.paid", "offer.accepted"]);
    expect(body.data[0].data).toMatchObject({ testimonyId: session.testimonyId, amountMinor: 10_000, nettedMinor: 0 });
    expect(body.data[1].data).toMatchObject({ testimonyId: session.testimonyId, offerId: session.offerId });
    expect(await toldOf(session)).toEqual(["offer.accepted", "payout.paid"]);
  });
});

describe("holding", () => {
  it("waits while there is no account, and goes when there is one", async () => {
    const session = await acceptedOffer({ onboarded: false });
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["account_missing"] });
    expect(await journey.state(session)).toBe("accepted");
    await expectBooks(journey, waiting);
    await journey.onboard(session.expert);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
    expect(await transfersOf(session)).toHaveLength(1);
    expect(await toldOf(session)).toEqual(["offer.accepted", "payout.held", "payout.paid"]);
    await expectBooks(journey, paidOut);
  });

  it("waits while the account is not ready, and is released by account.updated", async () => {
    const expert = await journey.registerExpert();
    const link = await journey.must(200, "POST", "/me/payout-account", { token: expert.token, body: {} });
    const session = await acceptedOffer({ expert, onboarded: false });
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["account_not_ready"] });
    await journey.call("POST", new URL(link.body.data.url).pathname);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", reason: null });
    await expectBooks(journey, paidOut);
  });

  it("is released with all others that wait for the account, one that cannot be sent among them", async () => {
    const expert = await journey.registerExpert();
    const sessions = [];
    for (let made = 0; made < 3; made += 1) sessions.push(await acceptedOffer({ expert, onboarded: false }));
    const [first, ...others] = await rows<{ id: string }>("select id from payouts order by testimony_id");
    await rows(
      `create trigger unsendable before update of state on payouts
       when old.id = '${first?.id}' begin select raise(abort, 'not writable'); end`,
    );
    await onboard(expert);
    await rows("drop trigger unsendable");
    const states = await rows("select id, state from payouts where id <> ? order by testimony_id", first?.id ?? "");
    expect(states).toEqual(others.map(({ id }) => ({ id, state: "paid" })));
    await journey.advance(2 * 60 * 60);
    for (const session of sessions) expect(await payoutOf(session)).toMatchObject({ state: "paid" });
  });

  it("is released by the sweep when every event is dropped", async () => {
    const session = await acceptedOffer({ onboarded: false });
    await journey.events("drop");
    await journey.onboard(session.expert);
    await journey.advance(60);
    expect(await payoutOf(session)).toMatchObject({ state: "held" });
    await journey.advance(60 * 60);
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
    await expectBooks(journey, paidOut);
  });

  it("holds when Stripe says that the account cannot receive after all", async () => {
    const expert = await journey.registerExpert();
    await onboard(expert);
    await setTransfers(expert, "inactive");
    const session = await acceptedOffer({ expert, onboarded: false });
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["account_not_ready"] });
    await expectBooks(journey, waiting);
    await setTransfers(expert, "active");
    await journey.advance(60 * 60 + 60);
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
    expect(await transfersOf(session)).toHaveLength(1);
    await expectBooks(journey, paidOut);
  });

  it("waits while a dispute is open, although the account became able", async () => {
    const session = await acceptedOffer({ onboarded: false });
    const [charge] = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data;
    const dispute = (await journey.control("POST", "disputes", { charge: charge.id })).body;
    await journey.advance(1);
    await journey.onboard(session.expert);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["dispute_open"] });
    await journey.control("POST", "disputes", { dispute: dispute.id, status: "won" });
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
  });
});

describe("netting", () => {
  it("pays less by what the expert owes", async () => {
    const expert = await indebtedExpert();
    const session = await acceptedOffer({ expert, onboarded: false, price: 150 });
    expect(await payoutOf(session)).toMatchObject({ state: "paid", amount_minor: 15_000, netted_minor: 10_000 });
    expect(await transfersOf(session)).toMatchObject([{ amount: 5_000 }]);
    expect(await owedByExperts()).toBe(0);
    // 121.00 were paid and refunded; 181.50 were paid, 50.00 paid out. Fees: 2.07, and 1.5 % of 181.50 + 0.25 = 2.97.
    await expectBooks(journey, {
      stripe_balance: -207 - 10_000 + 18_150 - 297 - 5_000,
      stripe_fees: 207 + 297,
      commission: -3_150,
    });
  });

  it("sends no transfer when the debt takes the whole payout", async () => {
    const expert = await indebtedExpert();
    const session = await acceptedOffer({ expert, onboarded: false, price: 40 });
    expect(await payoutOf(session)).toMatchObject({ state: "paid", netted_minor: 4_000, transfer_id: null });
    expect(await transfersOf(session)).toEqual([]);
    expect(await owedByExperts()).toBe(6_000);
    expect(await toldOf(session)).toContain("payout.paid");
    await expectProof(journey);
  });

  it("never nets more than the debt, whatever is paid at once", async () => {
    const expert = await indebtedExpert();
    const sessions: PaidSession[] = [];
    for (let round = 0; round < 4; round += 1) {
      sessions.push(await journey.paidOffer({ expert, onboarded: false, price: 40 }));
    }
    const accepted = await Promise.all(sessions.map((session) => journey.accept(session)));
    expect(accepted.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    await journey.advance(30);
    const payouts = await Promise.all(sessions.map(payoutOf));
    expect(payouts.map(({ state }) => state)).toEqual(["paid", "paid", "paid", "paid"]);
    expect(payouts.reduce((sum, one) => sum + one.netted_minor, 0)).toBe(hundred.priceMinor);
    const sent = (await Promise.all(sessions.map(transfersOf))).flat();
    expect(sent.reduce((sum, one) => sum + one.amount, 0)).toBe(4 * 4_000 - hundred.priceMinor);
    expect(await owedByExperts()).toBe(0);
    await expectProof(journey);
  });

  it("gives back what a payout had netted when that one is refunded too", async () => {
    const expert = await indebtedExpert();
    const session = await acceptedOffer({ expert, onboarded: false, price: 150 });
    expect((await refund(session)).status).toBe(204);
    await journey.advance(30);
    expect(await payoutOf(session)).toMatchObject({ state: "reversed", reversed_minor: 5_000 });
    expect(await owedByExperts()).toBe(10_000);
    await expectProof(journey);
  });
});

describe("currency", () => {
  /** Makes an accepted offer whose charge was settled in another currency than it was paid in. */
  async function acceptedInDollars() {
    const expert = await journey.registerExpert();
    await onboard(expert);
    const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
    await settleIn("usd");
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(30);
    return session;
  }

  it("pays nobody when the charge settled in another currency", async () => {
    const session = await acceptedInDollars();
    expect(await payoutOf(session)).toMatchObject({ state: "failed", reason: "settlement_currency" });
    expect(await attentionOf(session)).toEqual(["payout_failed", "settlement_currency"]);
    expect(await transfersOf(session)).toEqual([]);
  });

  it("still pays nobody when an operator closes the case and tries again, and says so again", async () => {
    const session = await acceptedInDollars();
    const path = `/testimonies/${session.testimonyId}`;
    expect((await journey.operator("POST", `${path}/resolve-attention`, { note: "Looked." })).status).toBe(204);
    expect((await journey.operator("POST", `${path}/retry-payout`, {})).status).toBe(204);
    await journey.advance(30);
    expect(await payoutOf(session)).toMatchObject({ state: "failed", reason: "settlement_currency" });
    expect(await attentionOf(session)).toEqual(["payout_failed"]);
    expect(await transfersOf(session)).toEqual([]);
  });

  it("takes no reason away but its own when an operator only tries again", async () => {
    const session = await acceptedInDollars();
    expect((await journey.operator("POST", `/testimonies/${session.testimonyId}/retry-payout`, {})).status).toBe(204);
    await journey.advance(30);
    expect(await attentionOf(session)).toEqual(["payout_failed", "settlement_currency"]);
    const cleared = await rows<{ kind: string }>("select kind from attention where cleared_at is not null");
    expect(cleared).toEqual([{ kind: "payout_failed" }]);
  });

  it("waits for a fee that Stripe has not named yet", async () => {
    const expert = await journey.registerExpert();
    await onboard(expert);
    const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
    const settled = await settleLater();
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(30);
    expect(await payoutOf(session)).toMatchObject({ state: "due" });
    await settled();
    await journey.advance(60 * 60);
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
    await expectBooks(journey, paidOut);
  });
});

// --- What the emulator has no control for ---------------------------------------------------------------------------

function inEmulator<T>(work: (sql: SqlStorage) => T): Promise<T> {
  const [id] = [env.EMULATOR.idFromName("stripe")];
  return runInDurableObject(env.EMULATOR.get(id), (_, state) => work(state.storage.sql));
}

function settleIn(currency: string): Promise<unknown> {
  return inEmulator((sql) =>
    sql.exec(
      "update objects set body = json_set(body, '$.currency', ?) where kind = 'balance_transaction' and json_extract(body, '$.type') = 'charge'",
      currency,
    ),
  );
}

/** Removes the charge's balance transaction until the returned function is called. */
async function settleLater(): Promise<() => Promise<unknown>> {
  const [charge] = await inEmulator((sql) =>
    sql
      .exec<{ id: string; txn: string }>(
        "select id, json_extract(body, '$.balance_transaction') as txn from objects where kind = 'charge'",
      )
      .toArray(),
  );
  const put = (txn: string | null) =>
    inEmulator((sql) =>
      sql.exec(
        "update objects set body = json_set(body, '$.balance_transaction', ?) where id = ?",
        txn,
        charge?.id ?? "",
      ),
    );
  await put(null);
  return () => put(charge?.txn ?? null);
}

/** Changes the capability of an account without an event. */
async function setTransfers(expert: Person, state: "active" | "inactive"): Promise<void> {
  const [user] = await rows<{ user_id: string }>("select user_id from user_emails where email = ?", expert.email);
  const [account] = await rows<{ id: string }>(
    "select stripe_account_id as id from payout_accounts where user_id = ?",
    user?.user_id,
  );
  await inEmulator((sql) =>
    sql.exec(
      "update objects set body = json_set(body, '$.capabilities.transfers', ?) where id = ?",
      state,
      account?.id ?? "",
    ),
  );
}
