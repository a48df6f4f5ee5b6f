import type { Journey } from "../../journey.ts";
import { newOrderId, Shop, type Shopper } from "../../shop.ts";
import type { Chance } from "./chance.ts";
import type { PaymentStory } from "./evidence.ts";
import { expected, keyed, type Line, together, untilCutOff } from "./keyed.ts";

/** The load of the payments contract: one developer's shop with its shoppers and accounts. */
export interface ShopLoad extends Line {
  shop: Pick<Shop, "token" | "appId">;
  shoppers: Shopper[];
  accountIds: string[];
}

const amountMinor = 1000;
const manualShare = 0.35;

/** Opens a shop with so many shoppers and two accounts that take payments. */
export async function openShop(line: Line, journey: Journey, shoppers: number): Promise<ShopLoad> {
  const shop = await Shop.open(journey);
  const load: ShopLoad = { ...line, shop, shoppers: [], accountIds: [await shop.account(), await shop.account()] };
  for (let index = 0; index < shoppers; index += 1) load.shoppers.push(await shop.shopper());
  return load;
}

/** Simulates one shopper: pays orders, some at once and some in two steps, and wants refunds. Several make the load. */
export function liveAsShopper(load: ShopLoad, decide: Chance): Promise<void> {
  return untilCutOff(load, async () => {
    const isManual = decide.often(manualShare);
    const story = await create(load, decide, isManual);
    const method = decide.pick(["pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_chargeDeclined"]);
    await confirm(load, story, method ?? "pm_card_visa");
    if (story.status === "requires_capture") await takeOrLeave(load, story, decide);
    if (story.status === "succeeded" && decide.often(0.6)) await wantBack(load, story, decide);
  });
}

async function create(load: ShopLoad, decide: Chance, isManual: boolean): Promise<PaymentStory> {
  const [shopper, accountId] = [decide.pick(load.shoppers), decide.pick(load.accountIds)];
  if (!shopper || accountId === undefined) throw new Error("nobody is there");
  const orderId = newOrderId();
  const body = {
    ...{ order_id: orderId, account_id: accountId, amount: amountMinor },
    ...(isManual ? { capture_method: "manual" } : {}),
  };
  return keyed(load, `create a payment of ${orderId}`, async (journey) => {
    const answer = await shopOf(load, journey).create(shopper, body);
    // 200: made before the kill, under a key whose reservation was abandoned.
    expected(answer, [201, 200], `create of ${orderId}`);
    const transactionId: string = answer.body.data.transaction_id;
    const story: PaymentStory = { shopper, accountId, orderId, transactionId, refunds: [] };
    load.book.payments.push(story);
    load.book.note("payment", { orderId, transactionId });
    return story;
  });
}

async function confirm(load: ShopLoad, story: PaymentStory, method: string): Promise<void> {
  await keyed(load, `confirm ${story.transactionId}`, async (journey) => {
    const answer = await shopOf(load, journey).confirm(story, { payment_method_id: method });
    expected(answer, method === "pm_card_chargeDeclined" ? [402] : [200], `confirm of ${story.transactionId}`);
    story.status = answer.status === 200 ? answer.body.data.status : "requires_payment_method";
    load.book.note("confirmed", { transactionId: story.transactionId, status: story.status });
  });
}

/** Captures all or a part, releases, or leaves an authorization. */
async function takeOrLeave(load: ShopLoad, story: PaymentStory, decide: Chance): Promise<void> {
  if (decide.often(0.2)) return;
  if (decide.often(0.2)) return giveBack(load, story, undefined);
  const part = decide.pick([amountMinor, 600, 1]) ?? amountMinor;
  await keyed(load, `capture ${story.transactionId}`, async (journey) => {
    const answer = await shopOf(load, journey).capture(story, part);
    expected(answer, [200], `capture of ${story.transactionId}`);
    story.status = answer.body.data.status;
    story.capturedMinor = Number(answer.body.data.amount_captured);
    load.book.note("captured", { transactionId: story.transactionId, part });
  });
}

/** Refunds all of it, or two parts at the same moment. */
async function wantBack(load: ShopLoad, story: PaymentStory, decide: Chance): Promise<void> {
  const isWhole = story.capturedMinor === 1 || decide.often(0.4);
  if (isWhole) return giveBack(load, story, undefined);
  await together([() => giveBack(load, story, 200), () => giveBack(load, story, 200)]);
}

async function giveBack(load: ShopLoad, story: PaymentStory, amount: number | undefined): Promise<void> {
  await keyed(load, `refund ${story.orderId}`, async (journey) => {
    const answer = await shopOf(load, journey).refund(story, amount === undefined ? {} : { amount });
    expected(answer, [200], `refund of ${story.orderId}`);
    const { refund_id: id, amount: backMinor } = answer.body.data;
    story.refunds.push({ id, amountMinor: Number(backMinor) });
    if (story.status === "requires_capture") story.status = "canceled"; // released: nothing was taken
    load.book.note("refunded", { orderId: story.orderId, id });
  });
}

function shopOf({ shop }: ShopLoad, journey: Journey): Shop {
  return new Shop(journey, shop);
}
