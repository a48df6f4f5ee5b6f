import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { buildDeps } from "../../src/container";
import type { Performed, SequencerRpc } from "../../src/durable/rpc";
import { run } from "../../src/operations/operations";
import { checkedSend } from "../http/checked";
import { type Answer, checkoutBody, Journey, type Person } from "../journey";
import { newOrderId, Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";

/*
 * Each owner has at most two of each kind open here. Commands run without their lock, so that only the batch that writes
 * can refuse the third.
 */

const app = createApp();
const kinds = ["testimonies", "offers", "checkouts", "apps", "users", "orders", "subjects", "tags", "endpoints"];
const bindings = {
  ...env,
  OPEN_ROWS: kinds.map((kind) => `${kind}:2`).join(),
  SEQUENCER: { idFromName: () => "any", get: () => ({ perform }) },
};

const perform: SequencerRpc["perform"] = async (_key, command, { requestId, reservation }): Promise<Performed> => {
  const deps = await buildDeps(bindings, requestId);
  const result = await run({ ...deps, ...(reservation ? { reservation } : {}) }, command);
  return { result, cost: deps.cost, settled: reservation?.settled ?? false };
};

const plenty = new Journey(checkedSend);
const two = new Journey(async (request) => (await app.fetch(request, bindings)) as Response);

/** A new owner of one kind: makes rows, ends one, if that is possible, and says how a new one is answered. */
interface Owner {
  make: () => Promise<Answer>;
  end?: (made: Answer) => Promise<Answer>;
}

const post = (by: Journey, path: string, token: string, body: object) =>
  by.call("POST", `/api/v1${path}`, { token, body });

/** Makes an expert and three testimonies of a client, one for each offer. */
async function market(): Promise<{ client: Person; expert: Person; testimonyIds: string[] }> {
  const [client, expert] = [await plenty.registerClient(), await plenty.registerExpert()];
  const testimonyIds = await Promise.all(Array.from({ length: 8 }, () => plenty.createTestimony(client)));
  return { client, expert, testimonyIds };
}

const owners: Record<string, () => Promise<Owner>> = {
  async "a client's testimonies"() {
    const { token } = await plenty.registerClient();
    const body = {
      purpose: "mortgage",
      realEstate: { type: "garage", address: { line1: "Dlhá 2", city: "Nitra", postalCode: "949 01" } },
    };
    return {
      make: () => post(two, "/testimonies", token, body),
      end: ({ body: { data } }) =>
        post(two, `/testimonies/${data.id}/cancel`, token, { cancellationReason: "not needed" }),
    };
  },
  async "an expert's offers"() {
    const { expert, testimonyIds } = await market();
    return {
      make: () =>
        post(two, `/testimonies/${testimonyIds.pop()}/offers`, expert.token, { price: 100, deliveryDays: 14 }),
      end: ({ body: { data } }) => post(two, `/testimonies/offers/${data.id}/withdraw`, expert.token, {}),
    };
  },
  async "a client's payment pages"() {
    const { client, expert, testimonyIds } = await market();
    const offerIds = await Promise.all(testimonyIds.map((id) => plenty.createOffer(expert, id, 100)));
    const opened: string[] = [];
    return {
      make: () => {
        opened.push(testimonyIds[8 - offerIds.length] ?? "");
        return post(two, `/testimonies/offers/${offerIds.shift()}/checkout`, client.token, checkoutBody());
      },
      end: () => post(two, `/testimonies/${opened[0]}/cancel`, client.token, { cancellationReason: "not needed" }),
    };
  },
  async "a developer's apps"() {
    const { token } = await Shop.open(plenty);
    let isFirst = true;
    const headers = { "X-Developer-Token": token };
    return {
      async make() {
        if (!isFirst) return two.call("POST", "/api/v1/apps", { headers, body: { name: "Another" } });
        isFirst = false; // the shop has one
        return { status: 201, body: {}, headers: new Headers() };
      },
    };
  },
  async "an app's shoppers"() {
    const { token, appId } = await Shop.open(plenty);
    const headers = { "X-Developer-Token": token };
    return { make: () => two.call("POST", "/api/v1/users", { headers, body: { app_id: appId } }) };
  },
  async "an app's orders that nobody begins to pay"() {
    const shop = await Shop.open(plenty);
    const narrow = new Shop(two, shop);
    const [shopper, accountId] = [await shop.shopper(), await shop.account()];
    return {
      make: () => narrow.putOrder(newOrderId(), { account_id: accountId, amount: 1000 }),
      end: ({ body: { data } }) => narrow.create(shopper, { order_id: data.order_id }),
    };
  },
  async "an application's subjects"() {
    const walk = new TransfersJourney(plenty);
    const tenant = await walk.tenant(); // has one subject and one tag
    return withOne(() => post(two, "/subjects", tenant.token, { externalId: crypto.randomUUID() }));
  },
  async "an application's tags"() {
    const walk = new TransfersJourney(plenty);
    const { token, subjectId } = await walk.tenant();
    return withOne(() => post(two, "/tags", token, { subjectId, tagString: `tag-${crypto.randomUUID().slice(0, 8)}` }));
  },
  async "an owner's webhook endpoints"() {
    const { token } = await Shop.open(plenty);
    const headers = { "X-Developer-Token": token };
    const body = { url: "http://localhost:8787/sandbox/inbox/open-rows", events: ["*"] };
    return {
      make: () => two.call("POST", "/api/v1/webhook-endpoints", { headers, body }),
      end: ({ body: { data } }) => two.call("DELETE", `/api/v1/webhook-endpoints/${data.id}`, { headers }),
    };
  },
};

/** Counts one that is there already as the first. */
function withOne(make: () => Promise<Answer>): Owner {
  let isFirst = true;
  return {
    async make() {
      if (!isFirst) return make();
      isFirst = false;
      return { status: 201, body: {}, headers: new Headers() };
    },
  };
}

const isMade = ({ status }: Answer) => status === 200 || status === 201;

describe.each(Object.entries(owners))("%s", (_, newOwner) => {
  let owner: Owner;
  let made: Answer[];

  beforeAll(async () => {
    owner = await newOwner();
    made = [await owner.make(), await owner.make()];
  });

  it("are two at most, and nothing is half-written by a third", async () => {
    expect(made.map(({ body, status }) => (isMade({ status } as Answer) ? "made" : body))).toEqual(["made", "made"]);
    const before = await rowsOfJournal();
    const third = await owner.make();
    expect([third.status, third.body.code ?? third.body.errorCode]).toEqual([
      429,
      expect.stringMatching(/^quota_exceeded$/i),
    ]);
    expect(third.headers.get("Retry-After")).toBeNull();
    expect(await rowsOfJournal()).toBe(before);
  });

  it("are another owner's own", async () => {
    expect(isMade(await (await newOwner()).make())).toBe(true);
  });

  it("make room where one ends, if they can end", async () => {
    if (!owner.end) return;
    const [first] = made as [Answer];
    expect((await owner.end(first)).status).toBeLessThan(300);
    expect(isMade(await owner.make())).toBe(true);
    expect((await owner.make()).status).toBe(429);
  });

  it("are two where six come at once", async () => {
    const other = await newOwner();
    const answers = await Promise.all(Array.from({ length: 6 }, () => other.make()));
    const others = answers.filter((answer) => !isMade(answer)).map(({ status }) => status);
    expect(answers.filter(isMade)).toHaveLength(2);
    expect(others).toEqual([429, 429, 429, 429]);
  });
});

async function rowsOfJournal(): Promise<number> {
  return (await env.DB.prepare("select count(*) as n from journal").first<number>("n")) ?? 0;
}
