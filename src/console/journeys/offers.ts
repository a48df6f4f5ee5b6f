import { closeBox, hearOf, openBox } from "./box.ts";
import { alertOf, amount, must, mustEqual, refusal } from "./check.ts";
import type { Chapter, Journey } from "./journey.ts";
import type { OffersKept } from "./offers-kept.ts";
import { payingTwice } from "./paying-twice.ts";
import {
  accept,
  askForTestimony,
  cards,
  checkOut,
  operatorToken,
  pay,
  refusalsToAccept,
  registerClient,
  registerExpert,
} from "./people.ts";

const oneOffer: Chapter<OffersKept> = {
  title: "One offer, from registration to payout",
  steps: [
    {
      title: "The operator adds a webhook endpoint",
      why: "Everything that happens to offers from now on is posted there. The signing secret is shown once. The receiver is an inbox of the sandbox; your own server would do as well.",
      take: async (teller) => ({ box: await openBox(teller, `offers-${Date.now()}`, { token: operatorToken }) }),
    },
    {
      title: "A client registers",
      why: "The answer is a token, shown once. From now on it says who is asking. All requests to the API are sent by its typed clients, which the server itself offers.",
      take: async ({ server }) => ({ client: await registerClient(server) }),
    },
    {
      title: "Two experts register",
      why: "Experts also say where they work: they see the requests of their regions.",
      take: async ({ server }) => ({
        experts: [await registerExpert(server, ["ba"]), await registerExpert(server, ["ba", "tt"])],
      }),
    },
    {
      title: "The experts open their payout accounts",
      why: "Experts are paid through Stripe Connect. Each gets the address of an onboarding page, which a browser can open; here it is filled in for them.",
      async take(teller, { experts }) {
        for (const expert of experts) {
          await teller.submit((await expert.openPayoutAccount()).data.url, { complete: "yes" });
          await teller.until(
            "the payout account being ready",
            async () => (await expert.viewPayoutAccount()).data.status === "ready" || undefined,
          );
        }
      },
    },
    {
      title: "The client asks for an expert opinion on a house",
      why: "This request is called a testimony. It is pending until somebody makes an offer.",
      async take(_, { client }) {
        const testimonyId = await askForTestimony(client);
        return { testimonyId, about: testimonyId };
      },
    },
    {
      title: "Both experts make an offer",
      why: "The first offer makes the testimony offered. Offers compete: nothing is decided yet.",
      async take(_, { experts: [petra, rival], testimonyId }) {
        const path = { testimonyId };
        const first = await petra.createOffer({ path, body: { price: 149.5, deliveryDays: 14 } });
        await rival.createOffer({ path, body: { price: 180, deliveryDays: 14 } });
        return { offerId: first.data.id };
      },
    },
    {
      title: "The client compares",
      why: "The commission is 21 % on top of the price, in whole cents, half a cent rounded up: 21 % of 149.50 is 31.395, so 31.40.",
      async take(teller, { client, testimonyId, offerId }) {
        const { data } = await client.viewTestimony({ path: { testimonyId } });
        mustEqual(data.state, "offered", "two offers make the testimony offered");
        for (const offer of data.offers ?? [])
          teller.show(`${offer.price.toFixed(2)} € and ${offer.commission.toFixed(2)} € commission`);
        const chosen = data.offers?.find(({ id }) => id === offerId);
        mustEqual(chosen?.commission, 31.4, "the commission is rounded half up");
      },
    },
    {
      title: "The client checks out",
      why: "A row of ours comes first, then the session at Stripe: a crash in between loses nothing. The answer is the address of a hosted payment page.",
      async take(teller, { client, offerId }) {
        const page = await checkOut(client, offerId);
        teller.showPage(page.url);
        return { page };
      },
    },
    {
      title: "A declined card",
      why: "The page says so and stays open. Confirming now is refused: Stripe is asked whether money came, never the browser.",
      async take(teller, { page }) {
        const answer = await pay(teller, page, cards.declined);
        if (teller.isWatched && answer.leadsOn) {
          teller.show("The page is paid already, by you. No other card is asked.");
          return { isPaidByHand: true };
        }
        mustEqual(answer.status, 402, "a declined card does not pay");
        must(/declined/i.test(alertOf(answer.text)), "the page says that the card was declined");
        const { code } = await refusal(accept(page), await refusalsToAccept());
        mustEqual(code, "payment_incomplete", "an unpaid session cannot be confirmed");
        return {};
      },
    },
    {
      title: "A card that works",
      why: "Stripe sends the client back to the front end with the session id in the address.",
      take: async (teller, { page }) => must((await pay(teller, page, cards.good)).leadsOn, "the payment succeeds"),
    },
    {
      title: "The client confirms with the session id",
      why: "204: the offer is accepted. Stripe's event may have arrived first; both do the same through one operation, so the answer is the same.",
      take: (_, { page }) => accept(page),
    },
    {
      title: "And confirms again",
      why: "A refreshed page or a double click looks like success and changes nothing.",
      take: (_, { page }) => accept(page),
    },
    {
      title: "The testimony is accepted, and both sides know",
      why: "The notifications are written in the same database batch as the acceptance: never one without the other.",
      async take(_, { client, experts: [petra], testimonyId }) {
        const { data } = await client.viewTestimony({ path: { testimonyId } });
        mustEqual(data.state, "accepted", "the testimony is accepted");
        for (const side of [petra, client]) {
          const told: string[] = [];
          for await (const { type } of side.listNotifications()) if (type === "offer.accepted") told.push(type);
          mustEqual(told.length, 1, "each side is notified once");
        }
      },
    },
    {
      title: "The expert is paid",
      why: "The price goes to the expert's account by a transfer, out of this very charge. It happens by itself within seconds; here we ask Stripe for it.",
      async take(teller, { testimonyId }) {
        const [transfer, ...others] = await teller.until("the transfer", async () => {
          const { data } = await teller.stripe<{ data: Transfer[] }>(`/transfers?transfer_group=${testimonyId}`);
          return data.length > 0 ? data : undefined;
        });
        mustEqual(transfer?.amount, 14_950, "the expert gets the price");
        mustEqual(others, [], "and gets it once");
        teller.show(`${transfer?.id}: ${amount(transfer?.amount ?? 0)} € to ${transfer?.destination}`);
      },
    },
    {
      title: "The webhooks have arrived",
      why: "Each was written in the database batch of the change that it tells. The inbox verifies the signatures with the secret; sequence numbers tell a receiver the order, and that nothing is missing.",
      async take(teller, { box, testimonyId }) {
        const arrivals = await hearOf(teller, box.name, testimonyId, 4);
        const types = [...new Set(arrivals.map(({ type }) => type))].toSorted();
        mustEqual(types, ["offer.accepted", "offer.created", "payout.paid"], "offers, acceptance and payout are told");
      },
    },
  ],
  end: async (teller, { box }) => box && closeBox(teller, box),
};

interface Transfer {
  id: string;
  amount: number;
  destination: string;
}

/** A client asks for an expert opinion, pays for one of two offers, and the expert is paid. */
export const offers: Journey<OffersKept> = {
  name: "offers",
  title: "Offers",
  object: "testimony",
  summary: "A client asks for an expert opinion, pays for one of two offers, and the expert is paid.",
  chapters: [oneOffer, payingTwice],
};
