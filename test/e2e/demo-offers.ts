import assert from "node:assert/strict";
import type { OffersClient } from "../../dist/assets/client/offers.ts";
import { cards, type Journey } from "../journey.ts";
import {
  accept,
  askForTestimony,
  checkOut,
  isNotAccepted,
  type OpenPage,
  registerClient,
  registerExpert,
} from "./demo-people.ts";
import { alertOf, amount, type Narrator, refusal, until } from "./narrate.ts";

type Experts = readonly [OffersClient, OffersClient];

/** Walks one offer from registration to payout. Returns the testimony, and the two experts. */
export async function sellOneOffer(narrator: Narrator) {
  const { journey, server } = narrator;
  narrator.chapter("One offer, from registration to payout");

  const client = await narrator.step(
    "A client registers",
    "The answer is a token, shown once. From now on it says who is asking. All requests to the API are sent by its typed clients, which the server itself offers.",
    () => registerClient(server),
  );
  const experts = await narrator.step(
    "Two experts register",
    "Experts also say where they work: they see the requests of their regions.",
    async () => [await registerExpert(server, ["ba"]), await registerExpert(server, ["ba", "tt"])] as const,
  );
  const [petra, rival] = experts;
  await narrator.step(
    "The experts open their payout accounts",
    "Experts are paid through Stripe Connect. Each gets the address of an onboarding page, which a browser can open; here it is filled in for them.",
    async () => {
      for (const expert of experts) {
        await journey.submit((await expert.openPayoutAccount()).data.url, { complete: "yes" });
        await until(
          "the payout account being ready",
          async () => (await expert.viewPayoutAccount()).data.status === "ready" || undefined,
        );
      }
    },
  );
  const testimonyId = await narrator.step(
    "The client asks for an expert opinion on a house",
    "This request is called a testimony. It is pending until somebody makes an offer.",
    () => askForTestimony(client),
  );
  const path = { testimonyId };
  const offerId = await narrator.step(
    "Both experts make an offer",
    "The first offer makes the testimony offered. Offers compete: nothing is decided yet.",
    async () => {
      const first = await petra.createOffer({ path, body: { price: 149.5, deliveryDays: 14 } });
      await rival.createOffer({ path, body: { price: 180, deliveryDays: 14 } });
      return first.data.id;
    },
  );
  await narrator.step(
    "The client compares",
    "The commission is 21 % on top of the price, in whole cents, half a cent rounded up: 21 % of 149.50 is 31.395, so 31.40.",
    async () => {
      const { data } = await client.viewTestimony({ path });
      assert.equal(data.state, "offered", "two offers make the testimony offered");
      for (const offer of data.offers ?? [])
        narrator.show(`${offer.price.toFixed(2)} € and ${offer.commission.toFixed(2)} € commission`);
      const chosen = data.offers?.find(({ id }) => id === offerId);
      assert.equal(chosen?.commission, 31.4, "the commission is rounded half up");
    },
  );

  const session = await narrator.step(
    "The client checks out",
    "A row of ours comes first, then the session at Stripe: a crash in between loses nothing. The answer is the address of a hosted payment page.",
    async () => {
      const opened = await checkOut(client, offerId);
      narrator.show(`The page: ${opened.url}`);
      return opened;
    },
  );
  await narrator.step(
    "A declined card",
    "The page says so and stays open. Confirming now is refused: Stripe is asked whether money came, never the browser.",
    async () => {
      const page = await journey.pay(session, cards.declined);
      assert.equal(page.status, 402, "a declined card does not pay");
      assert.match(alertOf(page.body), /declined/i, "the page says that the card was declined");
      const { code } = await refusal(accept(session), isNotAccepted);
      assert.equal(code, "payment_incomplete", "an unpaid session cannot be confirmed");
    },
  );
  await narrator.step(
    "A card that works",
    "Stripe sends the client back to the front end with the session id in the address.",
    async () => assert.equal((await journey.pay(session)).status, 303, "the payment succeeds"),
  );
  await narrator.step(
    "The client confirms with the session id",
    "204: the offer is accepted. Stripe's event may have arrived first; both do the same through one operation, so the answer is the same.",
    () => accept(session),
  );
  await narrator.step(
    "And confirms again",
    "A refreshed page or a double click looks like success and changes nothing.",
    () => accept(session),
  );
  await narrator.step(
    "The testimony is accepted, and both sides know",
    "The notifications are written in the same database batch as the acceptance: never one without the other.",
    async () => {
      assert.equal((await client.viewTestimony({ path })).data.state, "accepted", "the testimony is accepted");
      for (const side of [petra, client]) {
        const told: string[] = [];
        for await (const { type } of side.listNotifications()) if (type === "offer.accepted") told.push(type);
        assert.equal(told.length, 1, "each side is notified once");
      }
    },
  );
  await narrator.step(
    "The expert is paid",
    "The price goes to the expert's account by a transfer, out of this very charge. It happens by itself within seconds; here we ask Stripe for it.",
    async () => {
      const [transfer, ...others] = await until("the transfer", async () => {
        const { data } = await journey.stripe(`/transfers?transfer_group=${testimonyId}`);
        return data.length > 0 ? data : undefined;
      });
      assert.equal(transfer.amount, 14_950, "the expert gets the price");
      assert.deepEqual(others, [], "and gets it once");
      narrator.show(`${transfer.id}: ${amount(transfer.amount)} € to ${transfer.destination}`);
    },
  );
  return { testimonyId, experts };
}

/** Opens two pages and pays both: one offer is accepted, the other payment is returned automatically. */
export async function payTwice(narrator: Narrator, experts: Experts): Promise<void> {
  narrator.chapter("Two payments for one testimony");
  const sessions = await withEventsHeld(narrator.journey, () => confirmBoth(narrator, experts));
  await narrator.step(
    "The losing payment is refunded",
    "In full, once, without anybody asking. We look at Stripe until the refund is there.",
    async () => {
      const refunds = await until("the refund", async () => {
        const found = (await Promise.all(sessions.map((session) => refundsOf(narrator.journey, session)))).flat();
        return found.length > 0 && found.every(({ status }) => status === "succeeded") ? found : undefined;
      });
      assert.equal(refunds.length, 1, "one refund");
      for (const refund of refunds) {
        assert.ok([12_100, 14_520].includes(refund.amount), "price and commission go back in full");
        narrator.show(`${refund.id}: ${amount(refund.amount)} € went back`);
      }
    },
  );
}

async function confirmBoth(narrator: Narrator, [petra, rival]: Experts) {
  const { journey, server } = narrator;
  const sessions = await narrator.step(
    "A second client opens two payment pages",
    "One for each of two offers, in two browser tabs. Stripe's events are held back meanwhile: otherwise the first payment would be accepted at once, and the other page be closed.",
    async () => {
      const client = await registerClient(server);
      const path = { testimonyId: await askForTestimony(client) };
      const first = await petra.createOffer({ path, body: { price: 100, deliveryDays: 14 } });
      const second = await rival.createOffer({ path, body: { price: 120, deliveryDays: 14 } });
      return [await checkOut(client, first.data.id), await checkOut(client, second.data.id)] as const;
    },
  );
  await narrator.step(
    "Both pages are paid",
    "Nothing stops a person from paying twice. What counts is what happens to the money.",
    async () => {
      for (const session of sessions) assert.equal((await journey.pay(session)).status, 303, "the payment succeeds");
    },
  );
  await narrator.step(
    "Both are confirmed at the same moment",
    "All offers of one testimony pass one at a time, so exactly one wins. The other is refused, although it was paid.",
    async () => {
      const outcomes = await Promise.allSettled(sessions.map(accept));
      const lost = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
      assert.deepEqual(
        lost.map((thrown) => isNotAccepted(thrown) && thrown.status),
        [422],
        "one wins, one loses",
      );
    },
  );
  await narrator.step("The held events arrive, late", "They report what is known already, and change nothing.", () =>
    journey.flushEvents(),
  );
  return sessions;
}

/**
 * Holds Stripe's events during `walk`, and delivers them afterwards in any case, so that the sandbox does not keep
 * holding them.
 */
async function withEventsHeld<T>(journey: Journey, walk: () => Promise<T>): Promise<T> {
  await journey.events("hold");
  try {
    return await walk();
  } finally {
    await journey.events("deliver");
    await journey.flushEvents();
  }
}

interface Refund {
  id: string;
  amount: number;
  status: string;
}

async function refundsOf(journey: Journey, { sessionId }: OpenPage): Promise<Refund[]> {
  const { payment_intent: payment } = await journey.stripe(`/checkout/sessions/${sessionId}`);
  return (await journey.stripe(`/refunds?payment_intent=${payment}`)).data;
}
