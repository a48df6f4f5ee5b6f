import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { type Answer, Journey, type Person } from "../journey";
import { newOrderId, Shop, type Shopper } from "../shop";
import { type Tenant, TransfersJourney } from "../transfers-journey";
import { rows } from "./rows";

/*
 * The row of an idempotency key holds what prints the answer again, not a copy of it: it stays small whatever the caller
 * has said, and whatever is stored about the caller.
 */

const journey = new Journey((request) => exports.default.fetch(request));
const walk = new TransfersJourney(journey);

/** The largest row, in bytes: ids, states and names. The bodies below have up to sixty kilobytes. */
const rowMax = 4_000;

const wide = (length: number) => "ž".repeat(length);
/** Members of one's own of as many characters as there may be. */
const metadata = { note: wide(4_000) };
const person = {
  billingAddress: { line1: wide(255), line2: wide(255), city: wide(255), postalCode: wide(255), country: "SK" },
  shippingAddress: { line1: wide(255), line2: wide(255), city: wide(255), postalCode: wide(255), country: "SK" },
  company: { businessId: wide(255), taxId: wide(255), vatId: wide(255) },
};

let client: Person;
let expert: Person;
let tenants: { sender: Tenant; receiver: Tenant };
let shop: Shop;
let shopper: Shopper;
let accountId: string;

beforeAll(async () => {
  [client, expert] = [await journey.registerClient(), await journey.registerExpert()];
  for (const { token } of [client, expert]) await journey.must(200, "PUT", "/me", { token, body: person });
  tenants = { sender: await walk.tenant(), receiver: await walk.tenant() };
  shop = await Shop.open(journey);
  [shopper, accountId] = [await shop.shopper(), await shop.account()];
});

type Asked = (headers: Record<string, string>) => Promise<Answer>;

const fromUser =
  (path: string, { token }: { token: string }, body: object): Asked =>
  (headers) =>
    journey.call("POST", `/api/v1${path}`, { token, body, headers });

const terms = () => ({
  narration: wide(500),
  metadata,
  callbackUrl: `http://localhost:8787/sandbox/inbox/${"x".repeat(400)}`,
});

const details = {
  description: wide(1_000),
  metadata: Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`key${at}`, wide(490)])),
};

const started = (body: object = {}) => shop.started({ ...details, ...body }, { shopper, accountId });

const operations: Record<string, () => Promise<Asked>> = {
  "create-testimony": async () =>
    fromUser("/testimonies", client, {
      purpose: "mortgage",
      realEstate: {
        type: "house",
        properties: { text: wide(250), more: wide(250) },
        address: { line1: wide(255), line2: wide(255), city: wide(255), postalCode: wide(255) },
      },
      notes: wide(10_000),
    }),
  "create-offer": async () => {
    const testimonyId = await journey.createTestimony(client);
    return fromUser(`/testimonies/${testimonyId}/offers`, expert, { price: 100, deliveryDays: 1, notes: wide(2_000) });
  },
  "create-subject": async () =>
    fromUser("/subjects", tenants.sender, {
      externalId: crypto.randomUUID(),
      displayName: wide(150),
      imageUrl: `https://images.example.com/${"x".repeat(900)}`,
      metadata,
    }),
  "initiate-transfer": async () => (headers) => walk.initiate(tenants.sender, tenants.receiver, terms(), headers),
  "accept-transfer": async () => {
    const transfer = await walk.initiated(tenants.sender, tenants.receiver, terms());
    return (headers) => walk.accept(tenants.receiver, transfer, headers);
  },
  "cancel-transfer": async () => {
    const transfer = await walk.initiated(tenants.sender, tenants.receiver, terms());
    return (headers) => walk.cancel(tenants.sender, transfer, headers);
  },
  "create-payment": async () => {
    const body = { order_id: newOrderId(), account_id: accountId, amount: 1000, ...details };
    return (headers) => shop.create(shopper, body, headers);
  },
  "confirm-payment": async () => {
    const transaction = await started();
    return (headers) => shop.confirm(transaction, {}, headers);
  },
  "cancel-payment": async () => {
    const transaction = await started();
    return (headers) => shop.cancel(transaction, headers);
  },
  "capture-payment": async () => {
    const transaction = await started({ capture_method: "manual" });
    await shop.confirm(transaction);
    return (headers) => shop.capture(transaction, undefined, headers);
  },
  "refund-payment": async () => {
    const transaction = await started();
    await shop.confirm(transaction);
    return (headers) => shop.refund(transaction, {}, headers);
  },
};

const printed: string[] = [];

describe.each(Object.entries(operations))("%s", (name, prepare) => {
  it("is answered the same again from a small row", async () => {
    const ask = await prepare();
    const key = crypto.randomUUID();
    const first = await ask({ "Idempotency-Key": key });
    const again = await ask({ "Idempotency-Key": key });
    expect(first.status, JSON.stringify(first.body)).toBeLessThan(300);
    expect([again.status, again.headers.get("Idempotent-Replayed")]).toEqual([first.status, "true"]);
    // The transfers contract's envelope says when it was printed.
    const { timestamp: _, ...told } = first.body;
    expect(again.body).toMatchObject(told);
    const [stored] = await rows<{ bytes: number; kept: string }>(
      `select length(cast(caller || operation || key || fingerprint || claim_id || done_by || result as blob)) as bytes,
        operation as kept from idempotency_keys where key = ?`,
      key,
    );
    expect(stored?.kept).toMatch(new RegExp(`^${name}`));
    printed.push(`${name} ${stored?.bytes}`);
    if (printed.length === Object.keys(operations).length) console.log(`bytes of a key's row: ${printed.join(", ")}`);
    expect(stored?.bytes).toBeLessThanOrEqual(rowMax);
  });
});
