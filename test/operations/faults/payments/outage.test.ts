import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../../journey";
import { expectBooksInOrder } from "../../../outcome";
import { rows, toldOfPayment } from "../../rows";
import { leftOpen, settle } from "../left-open";
import { untilDone } from "../planned";
import { quickly } from "../quickly";
import { expectKeysInOrder } from "../stripe-keys";
import { setUpFixtures } from "./fixtures";
import { ends, expectEnd, expectOneOfEach } from "./judge";
import { calls, requestsOf, verbsOf } from "./walk";

const journey = new Journey((request) => exports.default.fetch(request));
const dayAndMore = 25 * 60 * 60;

beforeAll(quickly);

describe.each(["timeout_before", "500", "timeout_after", "500_after"])(
  "%s on every call that changes something, for longer than Stripe keeps a key",
  (kind) => {
    it("ends with one object each", { timeout: 300_000 }, async () => {
      const fixtures = await setUpFixtures(journey);
      const { shop, transactions } = fixtures;
      const requests = requestsOf(fixtures);
      for (const match of Object.values(calls))
        if (!match.startsWith("GET")) await journey.fault(match, kind, 1_000_000);
      const asked = await Promise.all([
        ...Object.values(verbsOf(fixtures)).map((ask) => ask().then(({ answer }) => answer)),
        ...[requests.create, requests.open, requests.attach, requests.exchange].map((ask) => ask()),
      ]);
      expect((await requests.remove()).status).toBeOneOf([503, 204]); // an account that is gone for the SDK's own repeat counts as deleted
      expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([503]));
      await journey.advance(60);
      await journey.advance(dayAndMore);
      if (kind === "timeout_before" || kind === "500") {
        for (const name of Object.keys(ends) as (keyof typeof ends)[]) {
          expect((await shop.view(transactions[name])).body.data.status).toBe("unknown");
        }
        const { data } = (await shop.ask(fixtures.shoppers.plain, "GET", "/transactions?status=unknown")).body;
        expect(data).toHaveLength(Object.keys(ends).length + 1);
        expect((await leftOpen(journey)).length).toBeGreaterThan(0);
      }

      await journey.control("DELETE", "faults");
      await journey.events("deliver");
      await journey.flushEvents();
      const [create, opened] = [await untilDone(requests.create), await untilDone(requests.open)];
      expect([create.at(-1)?.status, opened.at(-1)?.status]).toEqual([200, expect.toBeOneOf([201, 409])]);
      expect(await settle(journey)).toEqual([]);
      const [account] = await rows<{ stripe_id: string }>(
        "select stripe_id from connected_accounts where stripe_id not in (?, ?)",
        fixtures.accounts.paid,
        fixtures.accounts.deleted,
      );
      for (const name of Object.keys(ends) as (keyof typeof ends)[]) await expectEnd(journey, fixtures, name);
      const transactionId: string = create.at(-1)?.body.data.transaction_id;
      const made = { transaction: { ...transactions.cloned, transactionId }, accountId: account?.stripe_id ?? "" };
      await expectOneOfEach(journey, fixtures, made, { attached: 1 });
      expect(await toldOfPayment(transactions.captured)).toEqual([
        "payment.created",
        "payment.authorized",
        "payment.captured",
      ]);
      await expectBooksInOrder(journey);
      await expectKeysInOrder(journey);
    });
  },
);

describe("an account that Stripe answers nothing about", () => {
  it("keeps nobody else's payments waiting", async () => {
    const { shop, accounts, shoppers } = await setUpFixtures(journey);
    const world = { accountId: accounts.paid, shopper: shoppers.plain };
    const asking = { payment_method_id: "pm_card_authenticationRequired" };
    const transaction = await shop.started({}, world);
    await shop.confirm(transaction, asking);
    await shop.authenticate(transaction, "approve");
    // These are more than one page of the sweep, all due before it.
    const broken = await shop.started({}, world);
    await rows("update payments set due_at = null");
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 30)
       insert into payments (id, developer_id, app_id, user_id, order_id, account_id, stripe_account_id, state,
         capture_method, currency, amount_minor, application_fee_minor, live, stripe_id, client_secret,
         payment_method_id, charge_id, captured_minor, refunded_minor, capture_before, warned_at, next_action,
         last_error, metadata, due_at, created_at, updated_at) select printf('%s%02d', substr(id, 1, 34), i), developer_id, app_id, user_id,
       order_id || i, account_id, 'acct_gone', state, capture_method, currency, amount_minor, application_fee_minor, live,
       stripe_id || i, client_secret, payment_method_id, charge_id, captured_minor, refunded_minor, capture_before,
       warned_at, next_action, last_error, metadata, i, created_at, updated_at from payments, n where stripe_id = ?`,
      broken.transactionId,
    );
    await rows("update payments set due_at = 100 where stripe_id = ?", transaction.transactionId);
    await journey.advance(1);
    await journey.advance(60);
    expect((await shop.view(transaction)).body.data.status).toBe("succeeded");
  });
});
