import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../journey";
import { newOrderId, Shop } from "../shop";
import { expectProof } from "./books";
import { quickly } from "./faults/quickly";
import { payoutOf, rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(async () => {
  quickly();
  await journey.reset();
});

/** Loses the answer of work that was done, and makes Stripe unreachable for longer than it keeps a key. */
async function lostForADay(match: string, ask: () => Promise<unknown>): Promise<void> {
  await journey.fault(match, "timeout_after", 2); // the SDK repeats once by itself
  await journey.fault(match, "timeout_before", 1_000_000);
  await ask();
  await journey.advance(60);
  await journey.advance(25 * 60 * 60);
  await journey.control("DELETE", "faults");
  for (const seconds of [60, 60 * 60, 60 * 60]) await journey.advance(seconds);
  expect(await rows("select kind, failure from stripe_effects where state = 'open'")).toEqual([]);
}

describe("a call that is older than Stripe's key is asked about before it is repeated", () => {
  it("a payment is made once", async () => {
    const shop = await Shop.open(journey);
    const accountId = await shop.account();
    const shopper = await shop.shopper();
    const terms = { order_id: newOrderId(), account_id: accountId, amount: 1000 };
    await lostForADay("POST /v1/payment_intents", async () => {
      expect((await shop.create(shopper, terms)).status).toBe(503);
    });
    expect((await journey.stripe("/payment_intents?limit=100", accountId)).data).toHaveLength(1);
  });

  it("an expert's account is opened once", async () => {
    const expert = await journey.registerExpert();
    await lostForADay("POST /v1/accounts", async () => {
      const answer = await journey.call("POST", "/api/v1/me/payout-account", { token: expert.token, body: {} });
      expect(answer.status).toBe(500);
    });
    expect((await journey.stripe("/accounts?limit=100")).data).toHaveLength(1);
  });

  it("an expert is paid once", async () => {
    const session = await journey.paidOffer();
    await lostForADay("POST /v1/transfers", async () => {
      expect((await journey.accept(session)).status).toBe(204);
    });
    expect((await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data).toHaveLength(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
    await expectProof(journey);
  });
});
