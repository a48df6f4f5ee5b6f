import { exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { Journey } from "../../journey";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(async () => {
  await journey.reset();
});

it("goes from registration to the expert's payout, and every cent is accounted for", async () => {
  const paid = await journey.paidOffer();
  expect((await journey.accept(paid)).status).toBe(204);
  expect(await journey.state(paid)).toBe("accepted");
  await journey.advance(10);
  const transfers = await journey.stripe(`/transfers?transfer_group=${paid.testimonyId}`);
  expect(transfers.data).toMatchObject([{ amount: 14_950, currency: "eur" }]);
  expect(await journey.ledgerCheck()).toMatchObject({ ok: true });
  expect(await journey.reconcile()).toMatchObject({ ok: true });
  console.log(
    JSON.stringify((await journey.operator("GET", "/ledger")).body),
    JSON.stringify((await journey.operator("GET", `/testimonies/${paid.testimonyId}/timeline`)).body, null, 1),
  );
});
