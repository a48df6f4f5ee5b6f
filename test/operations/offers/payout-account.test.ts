import { env, exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../../src/container";
import { loadUser } from "../../../src/db/offers/users";
import { openPayoutAccount } from "../../../src/operations/offers/payout-account";
import { Journey, newExpert, type Person } from "../../journey";
import { expectProof, hundred } from "../books";
import { quickly } from "../faults/quickly";
import { payoutOf, rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeAll(quickly);
beforeEach(() => journey.reset());

const daySeconds = 24 * 60 * 60;

interface AccountRow {
  user_id: string;
  stripe_account_id: string | null;
  state: string;
}

async function accountRow(): Promise<AccountRow> {
  const [row] = await rows<AccountRow>("select * from payout_accounts");
  if (!row) throw new Error("there is no payout account");
  return row;
}

function open(expert: Person) {
  return journey.call("POST", "/api/v1/me/payout-account", { token: expert.token, body: {} });
}

async function statusOf(expert: Person): Promise<string> {
  return (await journey.must(200, "GET", "/me/payout-account", { token: expert.token })).body.data.status;
}

async function accountsAtStripe(): Promise<{ id: string }[]> {
  return (await journey.stripe("/accounts?limit=100")).data;
}

async function onboarded(): Promise<Person> {
  const expert = await journey.registerExpert();
  await journey.onboard(expert);
  await journey.advance(0);
  return expert;
}

function standing() {
  return rows<{ aggregate_id: string; kind: string; about_id: string }>(
    "select * from attention where cleared_at is null and kind = 'account_gone'",
  );
}

describe.each(["deauthorized", "deleted"])("an expert's account that was %s", (status) => {
  it("causes an event, and is shown to the operator, although Stripe's event was lost", async () => {
    const expert = await onboarded();
    const { stripe_account_id: account, user_id: userId } = await accountRow();
    await journey.events("drop");
    await journey.control("POST", "accounts", { account, status });
    await journey.advance(daySeconds + 60);
    expect(await statusOf(expert)).toBe("gone");
    expect(await standing()).toMatchObject([{ aggregate_id: userId, about_id: account }]);
    const told = await rows<{ data: string }>(
      "select data from outbox where aggregate_id = ? and type = 'payout_account.updated' order by sequence desc",
      userId,
    );
    expect(JSON.parse(told[0]?.data ?? "{}")).toMatchObject({ userId, state: "gone" });
  });

  it("is replaced by its owner, and the payout that waits follows to the new one, once", async () => {
    const expert = await onboarded();
    const { stripe_account_id: old } = await accountRow();
    await journey.control("POST", "accounts", { account: old, status: "paused" });
    await journey.advance(0);
    const session = await journey.paidOffer({ expert, onboarded: false, price: hundred.price });
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "held" });
    await journey.events("drop");
    await journey.control("POST", "accounts", { account: old, status });
    await journey.advance(3 * daySeconds);
    expect(await payoutOf(session)).toMatchObject({ state: "held" });
    await journey.events("deliver");

    await journey.onboard(expert);
    await journey.advance(1);
    const { stripe_account_id: account } = await accountRow();
    expect(account).not.toBe(old);
    expect(await statusOf(expert)).toBe("ready");
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
    const transfers = (await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data;
    expect(transfers).toMatchObject([{ destination: account, amount: hundred.priceMinor }]);
    expect(await standing()).toEqual([]);
    const [opened] = await rows<{ data: string }>("select data from journal where name = 'reopen-payout-account'");
    expect(JSON.parse(opened?.data ?? "{}")).toMatchObject({ replaces: old });
    expect(await rows("select 1 from stripe_objects where stripe_id = ?", old)).toHaveLength(1);
    await expectProof(journey);
  });

  it("is replaced by one account, although the answer to its opening was lost", async () => {
    const expert = await onboarded();
    const { stripe_account_id: old } = await accountRow();
    await journey.control("POST", "accounts", { account: old, status });
    await journey.fault("POST /v1/accounts", "500_after", 2);
    expect((await open(expert)).status).toBe(500);
    expect(await statusOf(expert)).toBe("incomplete");
    await journey.advance(60);
    const made = await accountsAtStripe();
    expect(made).toHaveLength(1);
    expect((await accountRow()).stripe_account_id).toBe(made[0]?.id);
    expect((await open(expert)).status).toBe(200);
    expect(await accountsAtStripe()).toHaveLength(1);
  });
});

it("is not replaced while Stripe only does not answer", async () => {
  const expert = await onboarded();
  const { stripe_account_id: old } = await accountRow();
  await journey.fault("POST /v1/account_links", "500", 2);
  expect((await open(expert)).status).toBe(500);
  expect((await accountRow()).stripe_account_id).toBe(old);
  expect((await open(expert)).status).toBe(200);
  expect(await accountsAtStripe()).toHaveLength(1);
});

it("is the same again when Stripe shows it again", async () => {
  const expert = await onboarded();
  const { user_id: userId } = await accountRow();
  await env.DB.batch([
    env.DB.prepare("update payout_accounts set state = 'gone', due_at = 0"),
    env.DB.prepare(
      "insert into attention (aggregate_id, id, kind, about_kind, about_id, since) values (?, 'a', 'account_gone', 'account', 'x', 0)",
    ).bind(userId),
  ]);
  await journey.advance(60);
  expect(await statusOf(expert)).toBe("ready");
  expect(await standing()).toEqual([]);
});

it("that Stripe refused is tried anew with what the expert says now, and says why until then", async () => {
  const body = newExpert();
  const registered = await journey.must(201, "POST", "/auth/register/expert", {
    body: { ...body, billingAddress: { ...body.billingAddress, country: "AT" } },
  });
  await journey.control("POST", "platform", { profileSigned: false });
  const expert = { token: registered.body.data.token, email: body.email };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const refused = await open(expert);
    expect([refused.status, refused.body.code]).toEqual([422, "payout_account_refused"]);
    expect(refused.body.message).toContain("Stripe opens no accounts for this platform yet");
    expect(await statusOf(expert)).toBe("none");
  }
  const { billingAddress } = body;
  await journey.must(200, "PUT", "/me", { token: expert.token, body: { billingAddress } });
  await journey.control("POST", "platform", { profileSigned: true });
  const opened = await open(expert);
  expect(opened.status).toBe(200);
  expect(await accountsAtStripe()).toMatchObject([{ country: "SK" }]);
  const calls = await rows<{ id: string; state: string }>("select id, state from stripe_effects order by id");
  expect(calls.map(({ state }) => state)).toEqual(["refused", "refused", "done"]);
});

it.each([
  ["accountsV1", "Switch Accounts v1 support on: https://dashboard.stripe.com/"],
  ["profileSigned", "Sign the platform profile"],
])(
  "that Stripe does not open before the platform's owner agrees (%s) is shown to the operator, until it is",
  async (term, todo) => {
    await journey.control("POST", "platform", { [term]: false });
    const expert = await journey.registerExpert();
    const refused = await open(expert);
    expect([refused.status, refused.body.code]).toEqual([422, "payout_account_refused"]);
    expect(refused.body.message, "what the owner must do is no expert's business").not.toContain("dashboard");
    const waiting = (await journey.operator("GET", "/attention")).body.data.entries;
    expect(waiting).toMatchObject([{ kind: "platform_not_ready", about: { kind: "account" } }]);
    expect(waiting[0].note).toContain(todo);
    expect(waiting[0].steps[0]).toMatchObject({ by: "stripe", path: waiting[0].note.split(": ").at(-1) });
    await journey.control("POST", "platform", { [term]: true });
    expect((await open(expert)).status).toBe(200);
    expect((await journey.operator("GET", "/attention")).body.data.entries).toEqual([]);
  },
);

it.each([
  ["KP", "Stripe opens none there"],
  ["IS", "Stripe opens none there"],
  ["BR", "our transfers do not go there"],
])("in %s is refused before Stripe is asked: %s", async (country) => {
  const body = newExpert();
  const billingAddress = { ...body.billingAddress, country };
  const registered = await journey.must(201, "POST", "/auth/register/expert", { body: { ...body, billingAddress } });
  const expert = { token: registered.body.data.token, email: body.email };
  const refused = await open(expert);
  expect([refused.status, refused.body.code]).toEqual([422, "payout_account_refused"]);
  expect(refused.body.message).toContain(country);
  expect((await journey.control("GET", "requests?match=POST%20/v1/accounts")).body.requests).toEqual([]);
  expect(await statusOf(expert)).toBe("none");
});

it("takes cards as well, because Stripe opens none for transfers alone without its approval", async () => {
  const expert = await onboarded();
  expect(await statusOf(expert)).toBe("ready");
  expect(await accountsAtStripe()).toMatchObject([{ capabilities: { card_payments: "active", transfers: "active" } }]);
});

it("receives transfers alone where Stripe has approved and EXPERT_CAPABILITIES says so", async () => {
  const openAs = async () => {
    const expert = await journey.registerExpert();
    const [user] = await rows<{ id: string }>("select id from users where email = ?", expert.email);
    const deps = await buildDeps({ ...env, EXPERT_CAPABILITIES: "transfers" }, "test");
    const loaded = await loadUser(deps.db, user?.id ?? "");
    return loaded && openPayoutAccount(deps, { caller: loaded.user });
  };
  expect(await openAs()).toMatchObject({ ok: false, refusal: "payout_account_refused" });
  await journey.control("POST", "platform", { transfersOnly: true });
  expect(await openAs()).toMatchObject({ ok: true });
  expect(await accountsAtStripe()).toMatchObject([{ capabilities: { transfers: "inactive" } }]);
});
