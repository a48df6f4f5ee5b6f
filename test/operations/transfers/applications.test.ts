import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadApplication, pageOfSubjects, selectApplication, selectTag } from "../../../src/db/transfers/applications";
import { selectWallets } from "../../../src/db/transfers/wallets";
import { bucketOf } from "../../../src/domain/id";
import type { PerformDeps } from "../../../src/operations/operations";
import { Journey } from "../../journey";
import { expectBooksInOrder } from "../../outcome";
import { attempted, makeTenant, must, type Tenant, wired } from "../../tenant";
import { rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
let deps: PerformDeps;
let tenant: Tenant;
const nobody = "01a1f91e-f699-84f8-8dd3-bd4d5efaa050";

beforeEach(async () => {
  await journey.reset();
  deps = await wired();
  tenant = await makeTenant(deps);
});
afterEach(() => expectBooksInOrder(journey));

const registration = (changes: object = {}) => ({
  name: "register-application" as const,
  input: {
    id: deps.newId(),
    name: "WalletApp",
    appHandle: "walletapp",
    clientSecret: { hash: "hash", prefix: "app_" },
    webhookSecret: "sealed",
    registration: null,
    keyVersion: 1,
    transactionWebhookUrl: null,
    redirectUris: null,
    logoUrl: null,
    metadata: null,
    encryptionEnabled: false,
    publicKey: { kty: "EC", crv: "P-256", x: "x", y: "y", use: "enc", alg: "ECDH-ES+A256KW", kid: "1" } as const,
    active: true,
    ...changes,
  },
});
const subjectOf = (applicationId: string, externalId: string) => ({
  name: "create-subject" as const,
  input: { applicationId, externalId, displayName: "Alice", email: null, imageUrl: null, metadata: { vip: true } },
});

describe("register-application", () => {
  it("begins at once and without a limit where it may, and else owes nothing until it is admitted", async () => {
    const open = await must(deps, registration());
    expect(open).toMatchObject({ active: true, admin: false, debitLimit: null, keyVersion: 1 });
    const closed = await must(deps, registration({ appHandle: "shopapp", active: false }));
    expect(closed).toMatchObject({ active: false, debitLimit: 0 });
    expect(await loadApplication(deps.db, closed.id, deps.nowMs())).toMatchObject({ version: 1, application: closed });
  });

  it("gives a handle once, also to ten who ask at the same time", async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => attempted(deps, registration())));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    for (const result of results) if (!result.ok) expect(result.refusal).toBe("handle_taken");
    expect(await rows("select id from applications where app_handle = 'walletapp'")).toHaveLength(1);
  });
});

describe("an application", () => {
  const change = (changes: object) =>
    attempted(deps, { name: "update-application", input: { id: tenant.id, changes } });

  it("changes what it names, and nothing else", async () => {
    const [[before]] = await deps.db.batch([selectApplication(deps.db, tenant.id)]);
    const result = await change({ transactionWebhookUrl: "https://example.com/hook", metadata: { a: 1 } });
    const [[after]] = await deps.db.batch([selectApplication(deps.db, tenant.id)]);
    expect(result).toEqual({ ok: true, value: after });
    const changed = { transactionWebhookUrl: "https://example.com/hook", metadata: { a: 1 } };
    expect(after).toEqual({ ...before, ...changed, updatedAt: after?.updatedAt });
  });

  it("takes its next key, and of two rotations at once only one", async () => {
    const [[before]] = await deps.db.batch([selectApplication(deps.db, tenant.id)]);
    const key = (x: string) => ({ ...registration().input.publicKey, x });
    const rotate = (x: string, keyVersion: number) =>
      attempted(deps, { name: "rotate-application-key", input: { id: tenant.id, publicKey: key(x), keyVersion } });
    const results = await Promise.all([rotate("one", 2), rotate("two", 2)]);
    const [winner] = results.filter(({ ok }) => ok);
    expect(results.filter(({ ok }) => !ok)).toMatchObject([{ refusal: "state_wrong" }]);
    const [[after]] = await deps.db.batch([selectApplication(deps.db, tenant.id)]);
    expect(winner).toEqual({ ok: true, value: after });
    expect(after).toMatchObject({ keyVersion: (before?.keyVersion ?? 0) + 1 });
    expect(await rotate("three", 2)).toMatchObject({ refusal: "state_wrong" });
    expect(await rotate("three", 3)).toMatchObject({ ok: true, value: { publicKey: { x: "three" } } });
  });

  it("takes other secrets, whose journal names none", async () => {
    const input = { id: tenant.id, secret: "sealed again", overlapMs: 0 };
    await must(deps, { name: "rotate-application-webhook-secret", input });
    await must(deps, {
      name: "rotate-application-client-secret",
      input: { ...input, prefix: "app_2", overlapMs: 60_000 },
    });
    const { secrets = [] } = (await loadApplication(deps.db, tenant.id, deps.nowMs())) ?? {};
    const known = secrets.map(({ kind, number, prefix, secret }) => [kind, number, prefix, secret]);
    expect(known.slice(0, 2).sort()).toEqual([
      ["client", 2, "app_2", "sealed again"],
      ["webhook", 2, null, "sealed again"],
    ]);
    expect(known.slice(2).map(([kind, number]) => [kind, number])).toEqual([["client", 1]]);
    expect(await rows("select data from journal where data like '%sealed%'")).toEqual([]);
  });

  it("is admitted by the operator, whose name the journal keeps", async () => {
    const input = { id: tenant.id, operator: "anna", active: true, admin: true, debitLimit: 5_000_000 };
    expect(await must(deps, { name: "admit-application", input })).toMatchObject({
      active: true,
      admin: true,
      debitLimit: 5_000_000,
    });
    const [entry] = await rows<{ actor: string; data: string }>(
      "select actor, data from journal where aggregate_id = ? and name = 'admit-application'",
      tenant.id,
    );
    expect(entry?.actor).toBe("operator");
    const { id: _, ...noted } = input;
    expect(JSON.parse(entry?.data ?? "")).toEqual(noted);
    const only = await must(deps, {
      name: "admit-application",
      input: { id: tenant.id, operator: "ben", active: false },
    });
    expect(only).toMatchObject({ active: false, admin: true, debitLimit: 5_000_000 });
  });

  it("is changed once by each of forty at the same time, or tells them to come again", async () => {
    const names = Array.from({ length: 40 }, (_, number) => `Name ${number}`);
    const results = await Promise.all(
      names.map((name) => attempted(deps, { name: "update-application", input: { id: tenant.id, changes: { name } } })),
    );
    for (const result of results) if (!result.ok) expect(result.refusal).toBe("busy");
    const made = results.flatMap((result) => (result.ok ? [result.value.name] : []));
    expect(made.length).toBeGreaterThan(0);
    const loaded = await loadApplication(deps.db, tenant.id, deps.nowMs());
    expect(loaded?.version).toBe(1 + made.length);
    expect(made).toContain(loaded?.application.name);
  });

  it("that is unknown cannot be changed", async () => {
    const id = nobody;
    const publicKey = registration().input.publicKey;
    const results = [
      await attempted(deps, { name: "update-application", input: { id, changes: { name: "X" } } }),
      await attempted(deps, { name: "rotate-application-key", input: { id, publicKey, keyVersion: 2 } }),
      await attempted(deps, { name: "rotate-application-webhook-secret", input: { id, secret: "s", overlapMs: 0 } }),
      await attempted(deps, { name: "rotate-application-client-secret", input: { id, secret: "s", overlapMs: 0 } }),
      await attempted(deps, { name: "end-application-client-secret", input: { id, prefix: "app_" } }),
      await attempted(deps, { name: "admit-application", input: { id, operator: "anna", active: true } }),
      await attempted(deps, { name: "provision-wallet", input: { applicationId: id, currency: "NGN" } }),
    ];
    for (const result of results) expect(result).toMatchObject({ refusal: "application_unknown" });
    expect(await rows("select * from journal where aggregate_id = ?", id)).toEqual([]);
  });
});

describe("subjects and tags", () => {
  it("come in any number at the same time, each once", async () => {
    const externalIds = Array.from({ length: 30 }, (_, number) => `user-${number % 15}`);
    const results = await Promise.all(externalIds.map((id) => attempted(deps, subjectOf(tenant.id, id))));
    const made = results.flatMap((result) => (result.ok ? [result.value] : []));
    expect(made.map(({ externalId }) => externalId).toSorted()).toEqual([...new Set(externalIds)].toSorted());
    for (const result of results) if (!result.ok) expect(result.refusal).toBe("subject_exists");
    const listed = (await pageOfSubjects(deps.db, tenant.id, {}, { limit: 100, order: "asc" }))?.rows ?? [];
    expect(listed).toHaveLength(16); // with the one that every application begins with
    expect(listed.every(({ id }) => bucketOf(id) === bucketOf(tenant.id))).toBe(true);
    expect(listed).toEqual(expect.arrayContaining(made));
  });

  it("have an external id in each application", async () => {
    const other = await makeTenant(deps);
    const results = [tenant, other].map(({ id }) => attempted(deps, subjectOf(id, "same")));
    expect((await Promise.all(results)).every(({ ok }) => ok)).toBe(true);
  });

  it("make a tag once in an application, however it is written, and in others again", async () => {
    const other = await makeTenant(deps);
    const [alice, bob] = [await must(deps, subjectOf(tenant.id, "a")), await must(deps, subjectOf(other.id, "b"))];
    const tag = (applicationId: string, subjectId: string, tagString: string) =>
      attempted(deps, { name: "create-tag", input: { applicationId, subjectId, tagString } });
    const spellings = ["alice", "@alice", "ALICE", " Alice "].map((text) => tag(tenant.id, alice.id, text));
    const results = await Promise.all(spellings);
    expect(results.filter(({ ok }) => ok)).toMatchObject([{ value: { tagString: "alice", active: true } }]);
    for (const result of results) if (!result.ok) expect(result.refusal).toBe("tag_exists");
    expect(await tag(other.id, bob.id, "alice")).toMatchObject({ ok: true });
    const [found] = await deps.db.batch([selectTag(deps.db, tenant.id, "alice")]);
    expect(found).toMatchObject([{ applicationId: tenant.id, subjectId: alice.id }]);
    // Another application's subject counts as unknown.
    expect(await tag(tenant.id, bob.id, "bob")).toMatchObject({ refusal: "subject_unknown" });
    expect(await tag(tenant.id, nobody, "bob")).toMatchObject({ refusal: "subject_unknown" });
  });
});

describe("provision-wallet", () => {
  it("makes one wallet a currency, whoever asks how often", async () => {
    const provision = (currency: string) =>
      attempted(deps, { name: "provision-wallet", input: { applicationId: tenant.id, currency } });
    const results = await Promise.all(["NGN", "NGN", "NGN", "KWD", "NGN", "JPY", "NGN"].map(provision));
    expect(results.every(({ ok }) => ok)).toBe(true);
    const [wallets] = await deps.db.batch([selectWallets(deps.db, tenant.id)]);
    expect(wallets.map(({ currency }) => currency)).toEqual(["JPY", "KWD", "NGN"]);
    for (const result of results) if (result.ok) expect(wallets).toContainEqual(result.value);
    expect(await provision("XTS")).toMatchObject({ refusal: "currency_unsupported" });
    expect(await rows("select * from journal where name = 'provision-wallet'")).toHaveLength(3);
  });

  it("takes over the debit limit of its application", async () => {
    await must(deps, { name: "admit-application", input: { id: tenant.id, operator: "anna", debitLimit: 7 } });
    const wallet = await must(deps, { name: "provision-wallet", input: { applicationId: tenant.id, currency: "NGN" } });
    expect(wallet).toMatchObject({ debitLimit: 7, balance: 0 });
    expect(await rows("select debit_limit from wallets")).toEqual([{ debit_limit: 7 }]);
  });
});
