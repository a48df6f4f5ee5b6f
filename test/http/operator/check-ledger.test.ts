import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import type { PaidSession } from "../../journey";
import { journey } from "../checked";

let session: PaidSession;
beforeEach(async () => {
  await journey.reset();
  session = await journey.paidOffer();
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(10);
});

async function violated(): Promise<string[]> {
  const { ok, invariants } = await journey.ledgerCheck();
  const names = invariants.filter((invariant) => !invariant.ok).map(({ name }) => name);
  expect(ok).toBe(names.length === 0);
  return names;
}

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
const post = (account: string, amountMinor: number, line: number, version = 1) =>
  run(
    "insert into postings (aggregate_id, version, line, tenant, account, currency, amount_minor, at) values (?, ?, ?, 't', ?, 'eur', ?, 0)",
    session.testimonyId,
    version,
    line,
    account,
    amountMinor,
  );

it("holds over an accepted and paid offer, a second one cancelled, a third refunded by the operator", async () => {
  const cancelled = await journey.paidOffer();
  await journey.must(204, "POST", `/testimonies/${cancelled.testimonyId}/cancel`, { token: cancelled.client.token });
  await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, { reason: "The expert fell ill." });
  await journey.advance(10);
  expect(await violated()).toEqual([]);
});

it("bounds what it shows", async () => {
  for (let line = 100; line < 130; line += 1) await post("commission", 1, line, line);
  const { invariants } = await journey.ledgerCheck();
  expect(invariants.find(({ name }) => name === "change_lines_sum_to_zero")?.violations).toHaveLength(20);
});
