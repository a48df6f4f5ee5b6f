import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { Shop } from "../../shop";
import { journey } from "../checked";

beforeEach(() => journey.reset());

interface Balance {
  account: string;
  currency: string;
  amountMinor: number;
}

const balances = async (query = ""): Promise<Balance[]> => (await journey.operator("GET", `/ledger${query}`)).body.data;

const now = async () => new Date((await journey.control("GET", "clock")).body.nowSeconds * 1000 + 999).toISOString();

const of = (list: readonly Balance[], account: string) =>
  list.find((one) => one.account === account && one.currency === "usd")?.amountMinor ?? 0;

interface Point {
  at: string;
  debitMinor: number;
  creditMinor: number;
}

async function movements(account: string, query: string) {
  const { status, body } = await journey.operator("GET", `/ledger/accounts/${account}/balances?currency=usd${query}`);
  expect(status).toBe(200);
  return body as { data: { points: Point[]; from: string; to: string }; scanned_to?: string };
}

const sum = (points: readonly Point[]) =>
  points.reduce((total, { debitMinor, creditMinor }) => total + debitMinor - creditMinor, 0);

it("is what it was at a moment, and its movements since lead to what it is", async () => {
  const shop = await Shop.open(journey);
  const first = await shop.paid();
  await journey.advance(60 * 60);
  const between = await now();
  await journey.advance(60 * 60);
  const second = await shop.paid({}, { accountId: first.accountId });
  await shop.refund(second, { amount: 300 });
  await journey.advance(1);
  const after = await now();
  const [then, today] = [await balances(`?as_of=${between}`), await balances()];
  expect([of(then, "seller_balance"), of(today, "seller_balance")]).toEqual([1000, 1700]);
  expect(await balances(`?as_of=${after}`)).toEqual(today);
  expect(await balances("?as_of=2020-01-01")).toEqual([]);

  const { data } = await movements("seller_balance", `&from=${between}&to=${after}`);
  expect(data.points.length).toBeGreaterThan(0);
  expect(of(then, "seller_balance") + sum(data.points)).toBe(of(today, "seller_balance"));
  expect(data.points.reduce((total, { debitMinor }) => total + debitMinor, 0)).toBe(1000);
  for (const { at } of data.points) {
    expect([at > between, at <= after]).toEqual([true, true]);
    // A point is the end of its step: the balance at its moment is what the points until then sum up to.
    const until = data.points.filter((point) => point.at <= at);
    expect(1000 + sum(until)).toBe(of(await balances(`?as_of=${at}`), "seller_balance"));
  }
  const whole = await movements("seller_balance", "");
  expect(sum(whole.data.points)).toBe(1700);
  expect((await movements("bank", "")).data.points).toEqual([]);
});

it("has at most 400 points, and looks at a bounded number of changes, from which it goes on", async () => {
  const from = Date.parse("2026-03-01T00:00:00Z");
  // Changes of two lines each, a second apart, and two of each moment.
  await env.DB.prepare(
    `with recursive n (i) as (select 0 union all select i + 1 from n where i < 2999)
     insert into postings (aggregate_id, version, line, tenant, account, currency, amount_minor, at)
     select 'made-' || i, 1, line, 'x', account, 'usd', amount, ? + (i / 2) * 1000 + 1
     from n, (select 0 as line, 'bank' as account, 5 as amount union all select 1, 'stripe_balance', -5)`,
  )
    .bind(from)
    .run();
  const to = new Date(from + 3_000_000).toISOString();
  let total = 0;
  let rounds = 0;
  for (let since: string | undefined = new Date(from).toISOString(); since !== undefined; rounds += 1) {
    const path = `/ledger/accounts/bank/balances?currency=usd&from=${since}&to=${to}`;
    const answer = await journey.operator("GET", path);
    const list: Point[] = answer.body.data.points;
    expect(list.length).toBeLessThanOrEqual(400);
    const read = Number(/read=(\d+)/.exec(answer.headers.get("Accord-Cost") ?? "")?.[1]);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThanOrEqual(1_000 * 10);
    total += sum(list);
    since = answer.body.scanned_to;
  }
  expect([total, rounds]).toEqual([3_000 * 5, 3]);
  const path = `from=${new Date(from).toISOString()}&to=${new Date(from + 499_500).toISOString()}`;
  const fine = await movements("bank", `&${path}`);
  expect([fine.data.points.length > 300, fine.data.points.length <= 400, sum(fine.data.points)]).toEqual([
    true,
    true,
    1_000 * 5,
  ]);
});

it("is refused for what is no account, and for a time that ends before it begins", async () => {
  for (const account of ["gold", "constructor"]) {
    const { status, body } = await journey.operator("GET", `/ledger/accounts/${account}/balances?currency=usd`);
    expect([status, body.code]).toEqual([404, "id_unknown"]);
  }
  for (const query of [
    "",
    "?currency=usd&from=2026-02-01&to=2026-01-01",
    "?currency=usd&from=then",
    "?currency=usd&x=1",
  ]) {
    const { status, body } = await journey.operator("GET", `/ledger/accounts/bank/balances${query}`);
    expect([status, body.code]).toEqual([422, "input_invalid"]);
  }
  expect((await journey.operator("GET", "/ledger?as_of=then")).status).toBe(422);
});
