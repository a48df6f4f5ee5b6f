import { checkoutBody, Journey, type Person } from "../journey.ts";
import { identity, newOrderId, Shop } from "../shop.ts";
import type { Side } from "./contestant.ts";
import { fire, type Shot } from "./load.ts";
import { transfersAt } from "./transfer-shots.ts";

export const operations = [
  "nothing",
  "read a profile",
  "read a testimony",
  "checkout",
  "accept",
  "create payment",
  "confirm payment",
  "refund payment",
  "initiate transfer",
  "accept transfer",
] as const;
export type Operation = (typeof operations)[number];

/** Makes the side of the bare Worker. */
export function floorAt(url: string): Side<Operation> {
  return {
    async prepare({ count, latencyMs }) {
      const get = (path: string, expected = 200) =>
        repeat(count, () => ({ method: "GET" as const, url: url + path, expected }));
      const shots: Record<Operation, readonly Shot[]> = {
        nothing: get("/nothing"),
        "read a profile": get("/read"),
        "read a testimony": get("/read"),
        checkout: get(`/checkout?latencyMs=${latencyMs}`),
        accept: get(`/accept?latencyMs=${latencyMs}`, 204),
        "create payment": get(`/create-payment?latencyMs=${latencyMs}`),
        "confirm payment": get(`/confirm-payment?latencyMs=${latencyMs}`),
        "refund payment": get(`/refund-payment?latencyMs=${latencyMs}`),
        "initiate transfer": get("/initiate-transfer", 201),
        "accept transfer": get("/accept-transfer"),
      };
      return { shots: (operation) => shots[operation] };
    },
  };
}

/**
 * Makes Accord's side: the sandbox, with a registered client and expert, a shop, and an application. Stripe's events
 * are held.
 */
export async function oursAt(url: string): Promise<Side<Operation> & { journey: Journey }> {
  const journey = new Journey((request) => fetch(request), url);
  await journey.events("hold");
  const client = await journey.registerClient();
  const expert = await journey.registerExpert();
  await journey.onboard(expert);
  const payments = await paymentsAt(url, journey);
  const transfers = await transfersAt(url, journey);
  const api = `${url}/api/v1`;
  let keys = 0;
  const post = (path: string, body: unknown, by: Person, expected: number): Shot => {
    keys += 1;
    const headers = { Authorization: `Bearer ${by.token}`, "Idempotency-Key": `bench-${keys}` };
    return { method: "POST", url: api + path, headers, body: JSON.stringify(body), expected };
  };
  const get = (path: string): Shot => ({
    method: "GET",
    url: api + path,
    headers: { Authorization: `Bearer ${client.token}` },
    expected: 200,
  });

  const offersOnTable = async (count: number) => {
    const created = await fire(
      repeat(count, () => post("/testimonies", testimony, client, 201)),
      8,
    );
    const testimonyIds = created.bodies.map(idOf);
    const offered = await fire(
      testimonyIds.map((id) => post(`/testimonies/${id}/offers`, { price: 149.5, deliveryDays: 7 }, expert, 201)),
      8,
    );
    return { testimonyIds, offerIds: offered.bodies.map(idOf) };
  };
  const pay = async (pages: readonly string[]) => {
    const unpaid = [...pages];
    await Promise.all(
      repeat(8, async () => {
        for (let page = unpaid.pop(); page; page = unpaid.pop()) await journey.pay({ url: page });
      }),
    );
  };

  return {
    journey,
    async prepare({ count, latencyMs }) {
      const { testimonyIds, offerIds } = await offersOnTable(count);
      await journey.control("POST", "latency", { milliseconds: latencyMs });
      const shots: Record<Operation, readonly Shot[]> = {
        nothing: repeat(count, () => get("/")),
        "read a profile": repeat(count, () => get("/me")),
        "read a testimony": testimonyIds.map((id) => get(`/testimonies/${id}`)),
        checkout: offerIds.map((id) => post(`/testimonies/offers/${id}/checkout`, checkoutBody(), client, 200)),
        accept: [],
        "create payment": repeat(count, payments.create),
        "confirm payment": [],
        "refund payment": [],
        "initiate transfer": await transfers.initiate(count),
        "accept transfer": [],
      };
      return {
        shots: (operation) => shots[operation],
        async after(operation, bodies) {
          if (operation === "create payment") {
            shots["confirm payment"] = bodies.map(payments.confirm);
            shots["refund payment"] = shots["create payment"].map(payments.refund);
          }
          if (operation === "initiate transfer") shots["accept transfer"] = bodies.map(transfers.accept);
          if (operation !== "checkout") return;
          const pages = bodies.map((body): string => JSON.parse(body).data.url);
          await pay(pages);
          const sessions = pages.map((page) => ({ sessionId: page.split("/").at(-1) }));
          shots.accept = sessions.map((session) => post("/testimonies/offers/accept", session, client, 204));
        },
      };
    },
  };
}

/** Opens a shop with a shopper and an account, and returns its requests, each with a key. */
async function paymentsAt(url: string, journey: Journey) {
  const shop = await Shop.open(journey);
  const shopper = await shop.shopper();
  const account_id = await shop.account();
  let keys = 0;
  const post = (path: string, body: object, expected: number): Shot => {
    keys += 1;
    const headers = { ...identity(shopper), "Idempotency-Key": `shop-${keys}` };
    return { method: "POST", url: `${url}/api/v1${path}`, headers, body: JSON.stringify(body), expected };
  };
  return {
    create: () => post("/transactions", { order_id: newOrderId(), account_id, amount: 1_000 }, 201),
    confirm: (created: string) => {
      const { transaction_id } = JSON.parse(created).data;
      return post("/transactions/confirm", { transaction_id, account_id, payment_method_id: "pm_card_visa" }, 200);
    },
    /** Refunds a part of what such a request has paid. */
    refund: ({ body = "" }: Shot) =>
      post("/refunds", { order_id: JSON.parse(body).order_id, account_id, amount: 400 }, 200),
  };
}

function idOf(body: string): string {
  return JSON.parse(body).data.id;
}

function repeat<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

const testimony = {
  purpose: "mortgage",
  realEstate: {
    type: "garage",
    address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
    region: "ba",
  },
};
