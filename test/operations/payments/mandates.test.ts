import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { acceptedOnline, Shop, type Shopper, verdict } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

afterEach(() => expectProof(journey));

/** The debits that need a mandate, each with its currency. */
const debits = [
  ["pm_success_at", "eur", "sepa_debit"],
  ["pm_bacsDebit_success", "gbp", "bacs_debit"],
  ["pm_auBecsDebit_success", "aud", "au_becs_debit"],
  ["pm_usBankAccount_success", "usd", "us_bank_account"],
] as const;

const offline = { customer_acceptance: { type: "offline", accepted_at: 1_767_261_600 } };

describe("a debit of a bank account", () => {
  it.each(debits)("is refused without a mandate, and made with one: %s", async (method, currency, type) => {
    const transaction = await shop.started({ currency }, world);
    const refused = await shop.confirm(transaction, { payment_method_id: method });
    expect(verdict(refused)).toEqual([422, "mandate_required"]);
    expect(Object.keys(refused.body.details.errors)).toEqual(["mandate_data"]);
    // Stripe shows it so: the method is known, and the confirmation is still missing.
    expect((await shop.view(transaction)).body.data.status).toBe("requires_confirmation");
    expect((await stripeSideOf(journey, transaction)).charges).toEqual([]);
    expect(verdict(await shop.debit(transaction, method))).toEqual([200, "processing"]);
    const intent = await journey.stripe(`/payment_intents/${transaction.transactionId}`, world.accountId);
    const charge = await journey.stripe(`/charges/${intent.latest_charge}`, world.accountId);
    expect(charge.payment_method_details[type].mandate).toMatch(/^mandate_/);
    await journey.advance(61);
    expect((await shop.view(transaction)).body.data.status).toBe("succeeded");
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 1000, seller_payable: -1000 });
  });

  it("may have been allowed on paper", async () => {
    const transaction = await shop.started({ currency: "eur" }, world);
    const body = { payment_method_id: "pm_success_at", mandate_data: offline };
    expect(verdict(await shop.confirm(transaction, body))).toEqual([200, "processing"]);
  });

  it("that was refused for want of a mandate frees its Idempotency-Key, and may be a card after all", async () => {
    const transaction = await shop.started({ currency: "eur" }, world);
    const key = { "Idempotency-Key": `mandate-${transaction.orderId}` };
    const bare = { payment_method_id: "pm_success_at" };
    expect(verdict(await shop.confirm(transaction, bare, key))).toEqual([422, "mandate_required"]);
    expect(verdict(await shop.confirm(transaction))).toEqual([200, "succeeded"]);
  });

  it("is tried once more with what was said of the mandate when Stripe's answer is lost", async () => {
    const transaction = await shop.started({ currency: "eur" }, world);
    await journey.fault("POST /v1/payment_intents/*/confirm", "timeout_before", 2);
    expect(verdict(await shop.debit(transaction))).toEqual([503, "stripe_unavailable"]);
    await journey.advance(61);
    await journey.advance(61);
    expect((await shop.view(transaction)).body.data.status).toBe("succeeded");
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
  });

  it("cannot be reserved, and the refusal says so", async () => {
    const transaction = await shop.started({ currency: "eur", capture_method: "manual" }, world);
    const refused = await shop.debit(transaction);
    expect(verdict(refused)).toEqual([422, "method_refused"]);
    expect(refused.body.details.message).toContain("(sepa_debit) is not allowed for this PaymentIntent");
  });

  it.each([
    ["nothing", {}, "customer_acceptance"],
    ["no address", { customer_acceptance: { type: "online", online: { user_agent: "Mozilla/5.0" } } }, "ip_address"],
    [
      "a host's name",
      {
        customer_acceptance: {
          type: "online",
          online: { ...acceptedOnline.customer_acceptance.online, ip_address: "a.b" },
        },
      },
      "ip_address",
    ],
    ["no browser", { customer_acceptance: { type: "online", online: { ip_address: "::1" } } }, "user_agent"],
    ["another way", { customer_acceptance: { type: "by_heart" } }, "type"],
    ["milliseconds", { customer_acceptance: { type: "offline", accepted_at: 1_767_261_600_000 } }, "accepted_at"],
  ])("is not asked for where its mandate says %s", async (_, mandate_data, field) => {
    const transaction = await shop.started({ currency: "eur" }, world);
    const refused = await shop.confirm(transaction, { payment_method_id: "pm_success_at", mandate_data });
    expect(verdict(refused)).toEqual([422, "input_invalid"]);
    expect(Object.keys(refused.body.details.errors).join()).toContain(field);
    expect((await shop.view(transaction)).body.data.status).toBe("requires_payment_method");
  });

  it.each(debits)("cannot be stored for later: %s", async (method) => {
    const refused = await shop.attach(world.shopper, { payment_method_id: method });
    expect(verdict(refused)).toEqual([422, "method_refused"]);
    expect(refused.body.details.message).toContain("not a card");
  });
});
