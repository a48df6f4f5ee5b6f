import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../../src/container";
import { type Cost, emptyCost } from "../../../src/cost";
import type { Command, CommandName } from "../../../src/operations/operations";
import { perform } from "../../../src/operations/perform";
import { Journey } from "../../journey";
import { expectBooksInOrder } from "../../outcome";
import { initiated, initiation, makeTenant, must, type Tenant, wired } from "../../tenant";
import { rows } from "../rows";
import { expectWalletsInOrder, walletOf } from "./wallets";

type Deps = Awaited<ReturnType<typeof wired>>;

const journey = new Journey((request) => exports.default.fetch(request));
const hourMs = 60 * 60 * 1000;
let deps: Deps;
let payer: Tenant;
let payee: Tenant;
let laterMs = 0;

beforeEach(async () => {
  await journey.reset();
  laterMs = 0;
  deps = await wired(() => Date.now() + laterMs);
  [payer, payee] = [await makeTenant(deps), await makeTenant(deps)];
});
afterEach(async () => {
  await expectWalletsInOrder();
  await expectBooksInOrder(journey);
});

const acceptance = (reference: string) => ({
  name: "accept-transfer" as const,
  input: { applicationId: payee.id, reference },
});

/** Performs the command as a caller's request, whose fingerprint is its whole input. */
function keyed<N extends CommandName>(key: string, command: Command<N>, by: Tenant, target: string[] = []) {
  const idempotency = { key, fingerprint: JSON.stringify(command.input), target };
  return perform(deps, command, { requestId: "test", caller: by.id, idempotency });
}
const initiate = (key: string, amount = 15_000_000) => keyed(key, initiation(payer, payee, { amount }), payer);
const accept = (key: string, reference: string) => keyed(key, acceptance(reference), payee, [reference]);
const keys = () => rows<{ n: number }>("select count(*) as n from idempotency_keys");
const transferCount = async () => (await rows("select reference from transfers")).length;

describe("the same key", () => {
  it("under twenty racing requests makes one transfer, and answers it to all", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => initiate("k")));
    const [first] = answers;
    expect(first?.result.ok).toBe(true);
    for (const { result } of answers) expect(result).toEqual(first?.result);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await transferCount()).toBe(1);
    expect(await keys()).toEqual([{ n: 1 }]);
  });

  it("under twenty racing acceptances moves the money once, and every one of them is answered so", async () => {
    const { reference } = await initiated(deps, payer, payee);
    const answers = await Promise.all(Array.from({ length: 20 }, () => accept("k", reference)));
    for (const { result } of answers) expect(result).toMatchObject({ ok: true, value: { state: "COMPLETED" } });
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await walletOf(payee)).sequence).toBe(1);
  });

  it("answers what was, not what is", async () => {
    const made = await initiate("k");
    if (!made.result.ok) throw new Error(made.result.refusal);
    const { reference } = made.result.value;
    const done = await accept("k", reference);
    expect(await initiate("k")).toEqual({ result: made.result, replayed: true });
    laterMs = 23 * hourMs;
    expect(await accept("k", reference)).toEqual({ result: done.result, replayed: true });
  });

  it("with another request is refused, and so is every racer but the first", async () => {
    const answers = await Promise.all([10_000, 20_000, 30_000].map((amount) => initiate("k", amount)));
    expect(answers.filter(({ result }) => result.ok)).toHaveLength(1);
    for (const { result } of answers) if (!result.ok) expect(result.refusal).toBe("idempotency_key_reused");
    expect(await transferCount()).toBe(1);
    // This holds even if the other request would have been refused by itself.
    const unknown = { ...initiation(payer, payee).input, receiverTag: "nobody" };
    const refused = await keyed("k", { name: "initiate-transfer", input: unknown }, payer);
    expect(refused.result).toMatchObject({ refusal: "idempotency_key_reused" });
  });

  it("of another caller, of another operation and on another transfer is another key", async () => {
    const made = [await initiate("k"), await keyed("k", initiation(payer, payee), payee)].map(
      ({ result }) => result.ok,
    );
    expect(made).toEqual([true, true]);
    const [one, other] = await rows<{ reference: string }>("select reference from transfers");
    for (const transfer of [one, other]) {
      expect(await accept("k", transfer?.reference ?? "")).toMatchObject({ result: { ok: true }, replayed: false });
    }
  });

  it("is free again after 24 hours, whether or not it was purged", async () => {
    await initiate("k");
    laterMs = 24 * hourMs - 60_000;
    expect(await initiate("k", 20_000)).toMatchObject({ result: { refusal: "idempotency_key_reused" } });
    laterMs = 24 * hourMs + 60_000;
    expect(await initiate("k", 20_000)).toMatchObject({ result: { ok: true }, replayed: false });
    expect(await transferCount()).toBe(2);
    expect(await keys()).toEqual([{ n: 1 }]);
  });
});

it("keys that are over are forgotten as fast as they can be used", async () => {
  await rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 780)
     insert into idempotency_keys (caller, operation, key, fingerprint, claim_id, claimed_at, expires_at)
     select 'c', 'initiate-transfer', i, 'f', i, 0, 1 from n`,
  );
  await initiate("k");
  await must(deps, { name: "sweep", input: {} });
  expect(await rows("select key from idempotency_keys")).toEqual([{ key: "k" }]);
});

describe("an acceptance that comes again", () => {
  it("is refused, unless it carries the key of the first", async () => {
    const { reference } = await initiated(deps, payer, payee);
    await accept("first", reference);
    for (const again of [
      await accept("second", reference),
      await perform(deps, acceptance(reference), { requestId: "test" }),
    ]) {
      expect(again).toMatchObject({ result: { refusal: "transfer_resolved" }, replayed: false });
    }
    expect(await accept("first", reference)).toMatchObject({ result: { ok: true }, replayed: true });
    expect(await keys()).toEqual([{ n: 1 }]); // what is refused uses no key up
  });
});

describe("a key is free", () => {
  it("after a refusal, and serves when the request can be done", async () => {
    await must(deps, { name: "admit-application", input: { id: payer.id, operator: "anna", debitLimit: 0 } });
    const { reference } = await initiated(deps, payer, payee);
    expect(await accept("k", reference)).toMatchObject({ result: { refusal: "debit_limit_exceeded" } });
    expect(await keys()).toEqual([{ n: 0 }]);
    await must(deps, { name: "admit-application", input: { id: payer.id, operator: "anna", debitLimit: null } });
    expect(await accept("k", reference)).toMatchObject({ result: { ok: true }, replayed: false });
  });

  it("where nothing had to be written it is used up all the same", async () => {
    const provision = (currency: string) =>
      keyed("k", { name: "provision-wallet", input: { applicationId: payer.id, currency } }, payer);
    await initiated(deps, payer, payee);
    const first = await provision("NGN");
    expect(first).toMatchObject({ result: { ok: true, value: { currency: "NGN" } }, replayed: false });
    expect(await provision("NGN")).toEqual({ result: first.result, replayed: true });
    expect(await provision("USD")).toMatchObject({ result: { refusal: "idempotency_key_reused" } });
    expect(await rows("select * from wallets where currency = 'USD'")).toEqual([]);
  });
});

describe("a key that an earlier release has reserved", () => {
  /** Makes the state between the reservation and the commit: nothing is done yet. */
  async function reserve(claimedMsAgo: number) {
    const { name, input } = initiation(payer, payee);
    const reservedAt = Date.now() - claimedMsAgo;
    await rows(
      `insert into idempotency_keys (caller, operation, key, fingerprint, claim_id, claimed_at, expires_at)
       values (?, ?, 'k', ?, 'theirs', ?, ?)`,
      ...[payer.id, name, JSON.stringify(input), reservedAt, reservedAt + 24 * hourMs],
    );
  }

  it("is said to be running, and nothing is done a second time", async () => {
    await reserve(0);
    expect(await initiate("k")).toMatchObject({ result: { refusal: "idempotency_key_running" }, replayed: false });
    expect(await initiate("k", 20_000)).toMatchObject({ result: { refusal: "idempotency_key_reused" } });
    expect(await transferCount()).toBe(0);
  });

  it("and left behind is taken over by the same request, and by no other", async () => {
    await reserve(60_000);
    expect(await initiate("k", 20_000)).toMatchObject({ result: { refusal: "idempotency_key_reused" } });
    expect(await initiate("k")).toMatchObject({ result: { ok: true }, replayed: false });
    expect(await initiate("k")).toMatchObject({ result: { ok: true }, replayed: true });
    expect(await transferCount()).toBe(1);
  });
});

describe("a transfer costs", () => {
  /** Measures the cost of a command under a key, if both wallets exist and both sides have webhooks. */
  async function costOf<N extends CommandName>(command: Command<N>, by: Tenant): Promise<Cost> {
    const counted = await buildDeps(env, "test");
    Object.assign(counted.cost, emptyCost());
    const idempotency = { key: command.name, fingerprint: "f", target: [] };
    const { result } = await perform(counted, command, { requestId: "test", caller: by.id, idempotency });
    if (!result.ok) throw new Error(result.refusal);
    return counted.cost;
  }

  it("ten rows and two round trips to initiate, and as many to accept", async () => {
    payee = await makeTenant(deps, { webhookUrl: "http://localhost:8787/sandbox/inbox/payee" });
    await initiated(deps, payer, payee);
    const told = initiation(payer, payee, { callbackUrl: "http://localhost:8787/sandbox/inbox/payer" });
    const initiating = await costOf(told, payer);
    expect(initiating).toMatchObject({ roundTrips: 2, hops: 0, queueOperations: 1 });
    expect(initiating.rowsWritten).toBeLessThanOrEqual(10);
    const [last] = await rows<{ reference: string }>("select reference from transfers where callback_url is not null");
    const accepting = await costOf(acceptance(last?.reference ?? ""), payee);
    expect(accepting).toMatchObject({ roundTrips: 2, hops: 0, queueOperations: 1 });
    expect(accepting.rowsWritten).toBeLessThanOrEqual(10);
    expect(accepting.rowsRead).toBeLessThanOrEqual(22);
  });
});
