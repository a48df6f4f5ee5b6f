import { amount, must, mustEqual } from "./check.ts";
import type { Chapter, Teller } from "./journey.ts";
import type { OffersKept } from "./offers-kept.ts";
import {
  accept,
  askForTestimony,
  cards,
  checkOut,
  type OpenPage,
  pay,
  refusalsToAccept,
  registerClient,
} from "./people.ts";

/** Two pages are opened and paid: one offer is accepted, the other payment is returned automatically. */
export const payingTwice: Chapter<OffersKept> = {
  title: "Two payments for one testimony",
  steps: [
    {
      title: "Stripe's events are held back",
      why: "Otherwise the first payment would be accepted at once, and the other page be closed. They arrive later, all the same.",
      async take(teller) {
        const { mode } = await teller.control<{ mode: string }>("GET", "events");
        await teller.control("POST", "events", { mode: "hold" });
        return { eventsMode: mode };
      },
    },
    {
      title: "A second client opens two payment pages",
      why: "One for each of two offers, in two browser tabs.",
      async take({ server }, { experts: [petra, rival] }) {
        const client = await registerClient(server);
        const testimonyId = await askForTestimony(client);
        const path = { testimonyId };
        const first = await petra.createOffer({ path, body: { price: 100, deliveryDays: 14 } });
        const second = await rival.createOffer({ path, body: { price: 120, deliveryDays: 14 } });
        const pages = [await checkOut(client, first.data.id), await checkOut(client, second.data.id)] as const;
        return { pages, about: testimonyId };
      },
    },
    {
      title: "Both pages are paid",
      why: "Nothing stops a person from paying twice. What counts is what happens to the money.",
      async take(teller, { pages }) {
        for (const page of pages) must((await pay(teller, page, cards.good)).leadsOn, "the payment succeeds");
      },
    },
    {
      title: "Both are confirmed at the same moment",
      why: "All offers of one testimony pass one at a time, so exactly one wins. The other is refused, although it was paid.",
      async take(_, { pages }) {
        const outcomes = await Promise.allSettled(pages.map(accept));
        const lost = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
        const isNotAccepted = await refusalsToAccept();
        const statuses = lost.map((thrown) => isNotAccepted(thrown) && thrown.status);
        mustEqual(statuses, [422], "one wins, one loses");
      },
    },
    {
      title: "The held events arrive, late",
      why: "They report what is known already, and change nothing.",
      take: async (teller) => void (await teller.control("POST", "events/flush", {})),
    },
    {
      title: "The losing payment is refunded",
      why: "In full, once, without anybody asking. We look at Stripe until the refund is there.",
      async take(teller, { pages }) {
        const refunds = await teller.until("the refund", async () => {
          const found = (await Promise.all(pages.map((page) => refundsOf(teller, page)))).flat();
          return found.length > 0 && found.every(({ status }) => status === "succeeded") ? found : undefined;
        });
        mustEqual(refunds.length, 1, "one refund");
        for (const refund of refunds) {
          must([12_100, 14_520].includes(refund.amount), "price and commission go back in full");
          teller.show(`${refund.id}: ${amount(refund.amount)} € went back`);
        }
      },
    },
  ],
  async end(teller, { eventsMode }) {
    if (eventsMode === undefined) return;
    await teller.control("POST", "events", { mode: eventsMode });
    await teller.control("POST", "events/flush", {});
  },
};

interface Refund {
  id: string;
  amount: number;
  status: string;
}

async function refundsOf(teller: Teller, { sessionId }: OpenPage): Promise<Refund[]> {
  const { payment_intent: payment } = await teller.stripe<{ payment_intent: string }>(
    `/checkout/sessions/${sessionId}`,
  );
  return (await teller.stripe<{ data: Refund[] }>(`/refunds?payment_intent=${payment}`)).data;
}
