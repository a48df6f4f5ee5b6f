import { beforeAll, describe, expect, it } from "vitest";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { journey } from "../checked";

let shop: Shop;
let shopper: Shopper;
let accountId: string;
/** Newest first. */
let made: Transaction[];

beforeAll(async () => {
  shop = await Shop.open(journey);
  shopper = await shop.shopper();
  accountId = await shop.account();
  made = [];
  for (let count = 0; count < 5; count += 1) made.unshift(await shop.started({}, { shopper, accountId }));
});

const list = async (query = "") => (await shop.ask(shopper, "GET", `/transactions${query}`)).body;
const ids = ({ data }: { data: { transaction_id: string }[] }) => data.map((one) => one.transaction_id);
const ofMade = (...places: number[]) => places.map((place) => made[place]?.transactionId);
const url = "http://localhost:8787/api/v1/transactions";

describe("by page", () => {
  it("answers the documented body to the letter", async () => {
    const [newest] = made;
    const developerId = (await list()).data[0].developer_id;
    expect(JSON.stringify(await list("?page=1&per_page=1"))).toBe(
      `{"meta":{"message":"Transactions retrieved successfully","status_code":200,"page":1,"per_page":1,"total_pages":5,"total_items":5},` +
        `"data":[{"transaction_id":"${newest?.transactionId}","user_id":"${shopper.userId}","order_id":"${newest?.orderId}","payment_method_id":null,"app_id":"${shopper.appId}","developer_id":"${developerId}","amount":"1000","status":"requires_payment_method"}],` +
        `"links":{"prev":null,"self":"${url}?page=1&per_page=1","next":"${url}?page=2&per_page=1","first":"${url}?page=1&per_page=1","last":"${url}?page=5&per_page=1"}}`,
    );
  });

  it("begins with the first twenty", async () => {
    const { meta, links } = await list();
    expect(meta).toMatchObject({ page: 1, per_page: 20, total_pages: 1, total_items: 5 });
    expect(links).toEqual({
      prev: null,
      self: `${url}?page=1&per_page=20`,
      next: null,
      first: `${url}?page=1&per_page=20`,
      last: `${url}?page=1&per_page=20`,
    });
  });

  it("goes on where its links lead", async () => {
    const middle = await list("?page=2&per_page=2");
    expect(ids(middle)).toEqual(ofMade(2, 3));
    expect(middle.links).toMatchObject({ prev: `${url}?page=1&per_page=2`, next: `${url}?page=3&per_page=2` });
    expect(ids(await list("?page=3&per_page=2"))).toEqual(ofMade(4));
  });

  it("is empty past the end", async () => {
    const { data, links } = await list("?page=9&per_page=2");
    expect(data).toEqual([]);
    expect(links).toMatchObject({ prev: `${url}?page=8&per_page=2`, next: null, last: `${url}?page=3&per_page=2` });
  });
});

describe("by cursor", () => {
  it("skips and repeats nothing while transactions are made", async () => {
    const first = await list("?limit=2");
    expect(first.meta).toEqual({
      message: "Transactions retrieved successfully",
      status_code: 200,
      limit: 2,
      has_more: true,
    });
    const walked = [...ids(first)];
    await shop.started({}, { shopper, accountId });
    let next: string | null = first.links.next;
    while (next !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list(new URL(next).search);
      walked.push(...ids(page));
      next = page.links.next;
    }
    expect(walked.slice(0, 5)).toEqual(ofMade(0, 1, 2, 3, 4));
    expect(new Set(walked).size).toBe(walked.length);
  });

  it("takes the last one seen alone", async () => {
    const page = await list(`?starting_after=${made[3]?.transactionId}`);
    expect([ids(page), page.meta.has_more, page.links.next]).toEqual([ofMade(4), false, null]);
  });

  it("knows no transaction of another app to go on after", async () => {
    const foreign = await (await Shop.open(journey)).started();
    for (const after of [foreign.transactionId, "pi_unknown"]) {
      const answer = await shop.ask(shopper, "GET", `/transactions?starting_after=${after}`);
      expect([answer.status, Object.keys(answer.body.details.errors)]).toEqual([422, ["starting_after"]]);
    }
  });
});

describe("narrowed", () => {
  it("to a user, an order, a status, or all of them, in the links too", async () => {
    const another = await shop.paid({}, { accountId });
    const { userId } = another.shopper;
    expect(ids(await list(`?user_id=${userId}`))).toEqual([another.transactionId]);
    expect(ids(await list(`?order_id=${made[2]?.orderId}`))).toEqual(ofMade(2));
    expect(ids(await list("?status=succeeded"))).toEqual([another.transactionId]);
    expect(ids(await list(`?status=succeeded&user_id=${shopper.userId}`))).toEqual([]);
    const { links } = await list(`?user_id=${shopper.userId}&per_page=2`);
    expect(links.next).toBe(`${url}?page=2&per_page=2&user_id=${shopper.userId}`);
  });
});

describe("what cannot be asked", () => {
  it.each([
    ["?page=0", "page"],
    ["?page=x", "page"],
    ["?page=1.5", "page"],
    ["?page=99999999999", "page"],
    ["?per_page=101", "per_page"],
    ["?per_page=0", "per_page"],
    ["?limit=101", "limit"],
    ["?limit=-1", "limit"],
    ["?status=paid", "status"],
    ["?page=1&limit=2", "page"],
    ["?per_page=2&starting_after=pi_x", "per_page"],
  ])("%s", async (query, field) => {
    const answer = await shop.ask(shopper, "GET", `/transactions${query}`);
    expect([answer.status, Object.keys(answer.body.details.errors)]).toEqual([422, [field]]);
  });
});
