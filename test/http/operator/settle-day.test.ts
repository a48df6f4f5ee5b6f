import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { dayBefore, dayOf } from "../../../src/domain/transfers/day";
import { rows } from "../../operations/rows";
import { TransfersJourney } from "../../transfers-journey";
import { journey } from "../checked";
import { byOperatorIn, contents, expectNotForReaders, outcomeOf, write } from "./write";

const note = "The wrong entry is corrected.";

beforeEach(() => journey.reset());

it("settles a day that is over, once, and the journal says by whom and why", async () => {
  const transfers = new TransfersJourney(journey);
  const [alice, bob] = [await transfers.tenant(), await transfers.tenant()];
  await transfers.paid(alice, bob, { amount: 12.5 });
  const day = dayOf(Date.now());
  const path = `/settlement-days/${day}/settle`;
  await expectNotForReaders(path, { note });
  expect(outcomeOf(await write(path, { note }))).toEqual([409, "day_not_over"]);
  await journey.advance(24 * 60 * 60);
  const key = crypto.randomUUID();
  const settled = await write(path, { note }, { key });
  expect([settled.status, settled.body.data]).toMatchObject([
    200,
    [{ day, currency: "NGN", status: "COMPLETED", transactionCount: 1, applicationCount: 2 }],
  ]);
  expect((await write(path, { note }, { key })).body).toEqual(settled.body);
  const [{ id }] = settled.body.data;
  expect(await byOperatorIn(id, "settle-day")).toMatchObject([{ operator: "sandbox", note, day }]);
  const before = await contents();
  expect((await write(path, { note: "Again." })).body).toEqual(settled.body);
  expect(await contents()).toEqual(before);
});

it("counts again what has failed, under the operator's name", async () => {
  const day = dayBefore(dayOf(Date.now()));
  const path = `/settlement-days/${day}/settle`;
  const [{ id }] = (await write(path, { note })).body.data;
  await env.DB.prepare("update settlement_batches set status = 'FAILED', error_message = 'They differ'").run();
  expect((await write(path, { note: "Counted again." })).body.data).toMatchObject([{ id, status: "COMPLETED" }]);
  expect((await byOperatorIn(id, "settle-day")).map(({ note: why }) => why)).toEqual([note, "Counted again."]);
});

it.each(["2025-12-31", "2026-02-30", "yesterday"])("closes no day %s", async (day) => {
  expect(outcomeOf(await write(`/settlement-days/${day}/settle`, { note }))).toEqual([404, "id_unknown"]);
  expect(await rows("select * from settlement_days")).toEqual([]);
});
