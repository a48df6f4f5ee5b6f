import assert from "node:assert/strict";
import type { Journey } from "../../journey.ts";
import type { Lived } from "./live.ts";
import { mustBe, type World } from "./world.ts";

/** Checks what must hold after a restore. Throws at the first violation. */
export async function judge(world: World, lived: Lived): Promise<void> {
  const { journey, shop } = world;
  for (const { transaction, amount, key, refundId } of lived.refunds) {
    const again = mustBe(200, await shop.refund(transaction, { amount }, { "Idempotency-Key": key }));
    assert.equal(again.body.data.refund_id, refundId, "the refund that a retry is answered");
  }
  for (const { session, amount, key } of lived.parts) {
    const path = `/api/v1/admin/testimonies/${session.testimonyId}/refund`;
    const options = {
      token: "admin_sandbox",
      body: { reason: "Half of it", amount },
      headers: { "Idempotency-Key": key },
    };
    mustBe(204, await journey.call("POST", path, options));
  }
  await journey.advance(120);
  await madeOnce(journey, lived);
  await proved(journey);
}

/** At Stripe there is one object of each operation at most. */
async function madeOnce(journey: Journey, lived: Lived): Promise<void> {
  const accounts = await all(journey, "/accounts");
  unique("accounts of an expert", accounts, ({ metadata }) => metadata.user_id);
  unique("accounts of a developer", accounts, ({ metadata }) => metadata.account_id);
  unique("transfers of an offer", await all(journey, "/transfers"), ({ metadata }) => metadata.offer_id);
  unique("refunds of a request", await all(journey, "/refunds"), ({ metadata }) => metadata.request_key);
  const sellers = accounts.filter(({ metadata }) => metadata.account_id);
  for (const { id } of sellers) {
    unique("refunds of a request", await all(journey, "/refunds", id), ({ metadata }) => metadata.request_key);
    unique("payments of an order", await all(journey, "/payment_intents", id), ({ metadata }) => metadata.order_id);
  }
  for (const { transaction } of lived.refunds) {
    const wanted = lived.refunds.filter((one) => one.transaction === transaction).length;
    const path = `/refunds?payment_intent=${transaction.transactionId}`;
    const { data } = await journey.stripe(path, transaction.accountId);
    assert.equal(data.length, wanted, "refunds of a payment");
  }
  for (const { session } of lived.parts) {
    const [charge] = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data;
    const { data } = await journey.stripe(`/refunds?charge=${charge.id}`);
    assert.equal(data.length, 1, "refunds of an acceptance");
  }
}

interface AtStripe {
  id: string;
  metadata: Record<string, string>;
}

async function all(journey: Journey, path: string, account?: string): Promise<AtStripe[]> {
  const found: AtStripe[] = [];
  for (let after = ""; ; ) {
    const page = await journey.stripe(`${path}?limit=100${after}`, account);
    found.push(...page.data);
    if (!page.has_more) return found;
    after = `&starting_after=${page.data.at(-1).id}`;
  }
}

function unique(what: string, objects: AtStripe[], by: (object: AtStripe) => string | undefined): void {
  const seen = new Map<string, string>();
  for (const object of objects) {
    const key = by(object);
    if (key === undefined) continue;
    assert.equal(seen.get(key), undefined, `two ${what}: ${seen.get(key)} and ${object.id}`);
    seen.set(key, object.id);
  }
}

/** The books add up, and every cent at Stripe is in them. */
async function proved(journey: Journey): Promise<void> {
  const { invariants } = await journey.ledgerCheck();
  assert.deepEqual(
    invariants.filter(({ ok }) => !ok),
    [],
    "ledger:check",
  );
  const { body } = await journey.operator("GET", "/reconcile");
  assert.deepEqual(body.unexplained, [], "reconcile");
  assert.ok(body.ok, "reconcile");
  for (let after: string | null = ""; after !== null; ) {
    const page = await journey.operator("GET", `/reconcile/accounts${after === "" ? "" : `?after=${after}`}`);
    assert.ok(page.body.ok, `reconcile/accounts: ${JSON.stringify(page.body.accounts)}`);
    after = page.body.next;
  }
}
