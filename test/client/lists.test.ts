import { beforeEach, expect, it } from "vitest";
import { createOffers } from "../../dist/assets/client/offers";
import { createPayments } from "../../dist/assets/client/payments";
import { createTransfers } from "../../dist/assets/client/transfers";
import { checkedSend, journey } from "../http/checked";
import { Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";

const server = { baseUrl: "http://localhost:8787", fetch: checkedSend };

beforeEach(() => journey.reset());

async function all<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}

it("offers: pages by number are followed by their links, notifications by their cursor", async () => {
  const person = await journey.registerClient();
  const made: string[] = [];
  for (let count = 0; count < 31; count += 1) made.push(await journey.createTestimony(person));
  const client = createOffers({ ...server, token: person.token });
  expect((await client.listTestimonies()).data).toHaveLength(15);
  expect((await all(client.listTestimonies())).map(({ id }) => id)).toEqual(made.reverse());
  expect(await all(client.listTestimonies({ query: { page: 3 } }))).toHaveLength(1);

  const expert = await journey.registerExpert();
  for (const testimonyId of made.slice(0, 21)) await journey.createOffer(expert, testimonyId, 100);
  const told = await all(client.listNotifications());
  expect(told).toHaveLength(21);
  expect(new Set(told.map(({ id }) => id)).size).toBe(21);
});

it("payments: by cursor and by number, under the filter that was asked for", async () => {
  const shop = await Shop.open(journey);
  const [shopper, accountId] = [await shop.shopper(), await shop.account()];
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    made.push((await shop.started({}, { shopper, accountId })).transactionId);
  }
  await shop.started({}, { accountId }); // another shopper's
  const { token: developerToken, appId, userId } = shopper;
  const client = createPayments({ ...server, developerToken, appId, userId });
  for (const query of [
    { limit: 2, user_id: userId },
    { per_page: 2, user_id: userId },
  ]) {
    const seen = await all(client.listPayments({ query }));
    expect(seen.map(({ transaction_id }) => transaction_id)).toEqual(made.toReversed());
  }
  const apps = await Promise.all(["a", "b", "c"].map((name) => client.createApp({ body: { name } })));
  const ids = new Set((await all(client.listApps({ query: { limit: 2 } }))).map(({ id }) => id));
  expect(ids).toEqual(new Set([appId, ...apps.map(({ data }) => data.id)]));
});

it("transfers: pages by number until the last, and a reader who stops asks for no more", async () => {
  const transfers = new TransfersJourney(journey);
  const [sender, receiver] = [await transfers.tenant(), await transfers.tenant()];
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) made.push((await transfers.initiated(sender, receiver)).reference);
  let requests = 0;
  const fetch = (request: Request) => {
    requests += 1;
    return checkedSend(request);
  };
  const client = createTransfers({ ...server, token: sender.token, fetch });
  const seen = await all(client.listSentTransfers({ query: { size: 2, sort: "createdAt,asc" } }));
  expect(seen.map(({ reference }) => reference)).toEqual(made);
  expect(requests).toBe(3);
  for await (const _ of client.listSentTransfers({ query: { size: 1 } })) break;
  expect(requests).toBe(4);
  const [, second] = seen;
  const limit = 2;
  const newestFirst = await all(client.listSentTransfers({ query: { limit } }));
  expect(newestFirst.map(({ reference }) => reference)).toEqual(made.toReversed());
  const behind = client.listSentTransfers({ query: { limit, order: "asc", starting_after: second?.id } });
  expect((await all(behind)).map(({ reference }) => reference)).toEqual(made.slice(2));
  const before = client.listSentTransfers({ query: { limit, order: "asc", ending_before: made.at(-1) } });
  expect((await all(before)).map(({ reference }) => reference)).toEqual([...made.slice(2, 4), ...made.slice(0, 2)]);
  await transfers.anotherTag(sender, "second");
  const people = await all(client.listSubjects({ query: { limit: 1 } }));
  expect(people.map(({ externalId }) => externalId.replace(/-.*/, ""))).toEqual(["second", "user"]);
});
