import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { callRaw, journey } from "../checked";
import { dayOf, nowMs, walk } from "./world";

const most = "900719925474.0991";
const daySeconds = 24 * 60 * 60;

let p: Tenant;
let q: Tenant;
beforeEach(async () => {
  await journey.reset();
  [p, q] = [await walk.tenant(), await walk.tenant()];
});

/** The amount is a text, so that it is sent digit for digit. */
async function pay(from: Tenant, to: Tenant, amount = most) {
  const body = `{"senderTag":"${from.tag}","receiverTag":"${to.tag}","amount":${amount}}`;
  const asked = await callRaw("POST", "/api/v1/transactions", { token: from.token, body });
  expect(asked.status).toBe(201);
  return walk.accept(to, asked.body.data);
}

/** Returns balance, debited and credited, exactly as written in the answer. */
async function walletOf({ token }: Tenant) {
  const { text } = await callRaw("GET", "/api/v1/wallet", { token });
  return ["balance", "totalDebited", "totalCredited"].map((name) => new RegExp(`"${name}":([^,]+)`).exec(text)?.[1]);
}

describe("what a wallet has ever moved", () => {
  it("stops no transfer, and stays exact beyond what a number holds", async () => {
    for (const [from, to] of [
      [p, q],
      [q, p],
      [p, q],
      [q, p],
    ] as const) {
      expect((await pay(from, to)).status).toBe(200);
    }
    for (const wallet of [p, q]) {
      expect(await walletOf(wallet)).toEqual(["0", "1801439850948.1982", "1801439850948.1982"]);
    }
    expect((await pay(p, q, "0.0003")).status).toBe(200);
    expect(await walletOf(q)).toEqual(["0.0003", "1801439850948.1982", "1801439850948.1985"]);
    expect((await journey.ledgerCheck()).ok).toBe(true);
  });

  it("stops none beyond 2^63, either", async () => {
    await pay(p, q);
    const nearly = "total_debited_high = total_debited_high + 92233720368, total_debited_low = total_debited_low + 100";
    await env.DB.exec(`UPDATE wallets SET ${nearly}, ${nearly.replaceAll("debited", "credited")}`);
    expect((await pay(q, p)).status).toBe(200);
    expect(await walletOf(p)).toEqual(["0", "923237923605474.1091", "923237923605474.1091"]);
  });

  it("has no ceiling, but the balance has, on either side", async () => {
    await pay(p, q);
    const other = await walk.tenant();
    for (const refused of [await pay(other, q, "0.0002"), await pay(p, other, "0.0002")]) {
      expect([refused.status, refused.body.errorCode]).toEqual([422, "WALLET_LIMIT_EXCEEDED"]);
    }
    expect((await pay(q, p, "0.0002")).status).toBe(200);
  });

  it("is read digit for digit between the two sides of one wallet, which is further down for a moment", async () => {
    await pay(p, q);
    const other = { ...p, tag: await walk.anotherTag(p, "savings") };
    expect((await pay(p, other, "0.0002")).status).toBe(200);
    const { text } = await callRaw("GET", "/api/v1/wallet/ledger", { token: p.token });
    expect(text).toContain(`"openingBalance":-${most},"closingBalance":-900719925474.0993,`);
    expect(text).toContain(`"openingBalance":-900719925474.0993,"closingBalance":-${most},`);
    expect(await walletOf(p)).toEqual([`-${most}`, "900719925474.0993", "0.0002"]);
  });

  it("is settled digit for digit, however much it is on a day", async () => {
    const administrator = await walk.tenant();
    await walk.admit(administrator, { admin: true });
    await pay(p, q);
    await moveOnTheSameDay(1_100);
    const day = dayOf(await nowMs());
    await journey.advance(daySeconds);
    administrator.token = await walk.token(administrator);
    const settled = await walk.ask(administrator, "POST", `/settlement/trigger?date=${day}`);
    expect([settled.status, settled.body.data.status]).toEqual([200, "COMPLETED"]);
    const path = `/api/v1/settlement/date/${day}`;
    const { text } = await callRaw("GET", path, { token: administrator.token });
    // 2,201 times the most: the first payment, and 1,100 times there and back.
    expect(text).toContain('"totalCredited":1982484555968492.1191,"totalDebited":1982484555968492.1191,');
    expect(text).toContain(`"netAmount":${most},"openingBalance":0,"closingBalance":${most},`);
    const { invariants } = await journey.ledgerCheck();
    const broken = invariants.filter(({ ok }: { ok: boolean }) => !ok).map(({ name }: { name: string }) => name);
    expect(broken).toEqual(["entries_are_of_a_transfer_and_its_day"]); // the transfers that were only inserted
  });
});

/** Inserts as many transfers of the largest amount, from q to p and back, as would take hours to make. */
async function moveOnTheSameDay(times: number): Promise<void> {
  const amount = 9_007_199_254_740_991n;
  const [low, high] = [amount % 100_000_000n, amount / 100_000_000n];
  for (const [tenant, first, opening] of [
    [p, "CREDIT", -amount],
    [q, "DEBIT", amount],
  ] as const) {
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${2 * times - 1})
       INSERT INTO wallet_entries
       SELECT application_id, currency, 2 + i, id || i, 'moved-' || i, reference,
         CASE i % 2 WHEN 0 THEN '${first}' ELSE '${first === "DEBIT" ? "CREDIT" : "DEBIT"}' END, amount,
         CASE i % 2 WHEN 0 THEN ${opening} ELSE 0 END, CASE i % 2 WHEN 0 THEN 0 ELSE ${opening} END,
         counterparty_tag, NULL, day, created_at
       FROM n, wallet_entries WHERE application_id = ? AND sequence = 1`,
    )
      .bind(tenant.id)
      .run();
    const grown = (side: string) =>
      `total_${side}_high = total_${side}_high + ${BigInt(times) * high} + (total_${side}_low + ${BigInt(times) * low}) / 100000000,
       total_${side}_low = (total_${side}_low + ${BigInt(times) * low}) % 100000000`;
    await env.DB.prepare(
      `UPDATE wallets SET sequence = sequence + ${2 * times}, ${grown("debited")}, ${grown("credited")} WHERE application_id = ?`,
    )
      .bind(tenant.id)
      .run();
  }
}
