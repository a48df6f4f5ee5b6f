import type { PaidSession } from "../../journey.ts";
import type { Transaction } from "../../shop.ts";
import type { Chance } from "../kill/chance.ts";
import { acceptOffer, mustBe, type World } from "./world.ts";

/** The acknowledged changes of the lost time, and who will repeat them. */
export interface Lived {
  /** Refunds with the key that they were asked for under, and the id that was answered. */
  refunds: { transaction: Transaction; amount: number; key: string; refundId: string }[];
  /** Parts that an operator has given back. */
  parts: { session: PaidSession; amount: number; key: string }[];
  /** References of transfers that were accepted. */
  transfers: string[];
  sessions: PaidSession[];
  orders: Transaction[];
  told: string[];
}

type Step = (world: World, lived: Lived, chance: Chance) => Promise<void>;

const hourSeconds = 60 * 60;

let keys = 0;

/** An hour of the sandbox's clock: everything that the lost minutes may hold, in an order that the seed decides. */
export async function live(world: World, chance: Chance): Promise<Lived> {
  const lived: Lived = { refunds: [], parts: [], transfers: [], sessions: [], orders: [], told: [] };
  const endSeconds = (await nowSeconds(world)) + hourSeconds;
  const order = shuffled(Object.keys(steps), chance);
  for (const name of order) {
    if (chance.often(0.15)) continue;
    await steps[name]?.(world, lived, chance);
    lived.told.push(name);
    await world.journey.advance(Math.round(chance.between(60, hourSeconds / order.length)));
  }
  await world.journey.advance(Math.max(0, endSeconds - (await nowSeconds(world))));
  return lived;
}

const steps: Record<string, Step> = {
  "a partial refund under a key": async ({ shop, paid }, lived, chance) => {
    const transaction = chance.pick(paid.slice(0, 3));
    if (!transaction) return;
    const [amount, key] = [Math.round(chance.between(100, 500)), newKey()];
    const answer = mustBe(200, await shop.refund(transaction, { amount }, { "Idempotency-Key": key }));
    lived.refunds.push({ transaction, amount, key, refundId: answer.body.data.refund_id });
  },
  "a checkout opened, paid and accepted": async ({ journey, onTable }, lived) => {
    const session = await journey.checkout(take(onTable));
    mustBe(303, await journey.pay(session));
    mustBe(204, await journey.accept(session));
    lived.sessions.push(session);
  },
  "a checkout opened and left": async ({ journey, onTable }, lived) => {
    lived.sessions.push(await journey.checkout(take(onTable)));
  },
  "an older page paid": async ({ journey, pages }, lived, chance) => {
    const session = take(pages);
    mustBe(303, await journey.pay(session));
    if (chance.often(0.5)) mustBe(204, await journey.accept(session));
    lived.sessions.push(session);
  },
  "an offer from the beginning to its acceptance": async ({ journey }, lived, chance) => {
    lived.sessions.push(await acceptOffer(journey, { onboarded: chance.often(0.5) }));
  },
  "an account, and the payouts that waited for it": async ({ journey, unpaid }) => {
    const [first] = unpaid;
    if (first) await journey.onboard(first.expert);
  },
  "a part that an operator gives back": async ({ journey, accepted }, lived, chance) => {
    const session = take(accepted);
    const [amount, key] = [Math.round(chance.between(1_000, 5_000)), newKey()];
    const body = { reason: "Half of it", amount };
    const path = `/api/v1/admin/testimonies/${session.testimonyId}/refund`;
    const headers = { "Idempotency-Key": key };
    mustBe(204, await journey.call("POST", path, { token: "admin_sandbox", body, headers }));
    lived.parts.push({ session, amount, key });
  },
  "a whole acceptance taken back": async ({ journey, accepted }) => {
    mustBe(204, await journey.operator("POST", `/testimonies/${take(accepted).testimonyId}/refund`, { reason: "Ill" }));
  },
  "a dispute of an offer": async ({ journey, accepted }, _, chance) => {
    const { data } = await journey.stripe(`/charges?transfer_group=${take(accepted).testimonyId}`);
    const dispute = await journey.control("POST", "disputes", { charge: data[0].id });
    if (chance.often(0.5)) await journey.control("POST", "disputes", { dispute: dispute.body.id, status: "lost" });
  },
  "an order, paid": async ({ shop, seat }, lived) => {
    lived.orders.push(await shop.paid({}, seat));
  },
  "an order on an account of these minutes": async ({ shop, seat }, lived) => {
    lived.orders.push(await shop.paid({}, { ...seat, accountId: await shop.account() }));
  },
  "an authorisation captured": async ({ shop, authorised }) => {
    mustBe(200, await shop.capture(take(authorised)));
  },
  "a dispute of an order": async ({ journey, paid, seat }) => {
    const { data } = await journey.stripe(`/charges?payment_intent=${paid.at(-1)?.transactionId}`, seat.accountId);
    await journey.control("POST", "disputes", { charge: data[0].id, account: seat.accountId });
  },
  "transfers between wallets": async ({ transfers, tenants }, lived, chance) => {
    for (let count = Math.round(chance.between(1, 3)); count > 0; count -= 1) {
      lived.transfers.push((await transfers.paid(...tenants)).reference);
    }
  },
};

async function nowSeconds({ journey }: World): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds;
}

function newKey(): string {
  keys += 1;
  return `drill-${keys}`;
}

function take<T>(from: T[]): T {
  const one = from.shift();
  if (one === undefined) throw new Error("the fill is too small");
  return one;
}

function shuffled<T>(list: T[], chance: Chance): T[] {
  return list
    .map((one) => ({ one, at: chance.between(0, 1) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
