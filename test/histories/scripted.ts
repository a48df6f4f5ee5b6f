import { cards } from "../journey";
import type { History, Step } from "./step";

const day = 24 * 60 * 60;
const oneOffer: History["setting"] = {
  onboarded: [true, true],
  testimonies: [{ client: 0, prices: [80] }],
  orders: [],
  transfers: [],
};
const [client, expert] = [0, 2];
const clock = (seconds: number): Step => ({ do: "clock", seconds });
const erase = (person: number, by: "self" | "operator" = "self") => ({ do: "delete-user", person, by }) as const;
const buy = (confirm: boolean): Step => ({ do: "buy", offer: 0, card: cards.good, confirm });
const ask = { do: "create-testimony", client } as const;
const send: Step = { do: "send", terms: { from: 0, to: 1, amount: 10_000, currency: "NGN", callback: false } };

/** Histories of what random ones come to too rarely: deletions, suspensions and full quotas. They run every time. */
export const scripted: readonly History[] = [
  // Both sides ask to be deleted at each moment of a testimony's life, and a bank decides afterwards.
  {
    setting: oneOffer,
    steps: [
      { do: "start-checkout", offer: 0, input: 0, key: 0 },
      buy(true),
      erase(client),
      erase(expert, "operator"),
      clock(10),
      erase(client, "operator"),
      { do: "complete", testimony: 0 },
      erase(client),
      { do: "repeat", request: 0, body: "same" },
      erase(expert),
      clock(10),
      { do: "dispute", session: 0, percent: null, inquiry: false },
      { do: "close-dispute", dispute: 0, status: "lost" },
      clock(10),
    ],
  },
  // A client is deleted in the moment in which a page is opened, paid and confirmed.
  {
    setting: oneOffer,
    steps: [
      { do: "start-checkout", offer: 0, input: 0, key: null },
      {
        do: "together",
        actions: [{ do: "pay", session: 0, card: cards.good }, erase(client)],
      },
      {
        do: "together",
        actions: [{ do: "accept", session: 0, by: "owner", key: 0 }, erase(client, "operator"), erase(expert)],
      },
      clock(10),
      erase(client),
      clock(70),
    ],
  },
  // A suspended client's payment wins by Stripe's event, and the client confirms after another login.
  {
    setting: oneOffer,
    steps: [
      { do: "events", mode: "hold" },
      buy(false),
      { do: "suspend-user", person: client },
      { do: "accept", session: 0, by: "owner", key: 0 },
      ask,
      { do: "events", mode: "deliver" },
      { do: "flush-events", copies: 1 },
      clock(10),
      { do: "restore-user", person: client },
      { do: "accept", session: 0, by: "owner", key: 1 },
      { do: "suspend-user", person: expert },
      { do: "complete", testimony: 0 },
      erase(expert, "operator"),
      clock(70),
    ],
  },
  // More is asked for at once than may be open.
  {
    setting: { ...oneOffer, quotas: { rowsPerDay: 100_000, open: 2 } },
    steps: [
      { do: "together", actions: [ask, ask, ask, ask] },
      ask,
      { do: "cancel", testimony: 0, key: 0 },
      ask,
      ask,
      { do: "create-offer", expert: 0, testimony: 1, price: 80 },
      { do: "create-offer", expert: 0, testimony: 2, price: 80 },
      { do: "create-offer", expert: 0, testimony: 3, price: 80 },
    ],
  },
  // The day has no room any more: what was begun is finished, repeats are answered, and the next day has room.
  {
    setting: { ...oneOffer, quotas: { rowsPerDay: 60, open: 3 } },
    steps: [
      { do: "start-checkout", offer: 0, input: 0, key: 0 },
      { do: "start-checkout", offer: 0, input: 1, key: 1 },
      ask,
      { do: "start-checkout", offer: 0, input: 0, key: 2 },
      { do: "start-checkout", offer: 0, input: 1, key: 1 },
      { do: "repeat", request: 1, body: "other" },
      { do: "pay", session: 1, card: cards.good },
      { do: "accept", session: 1, by: "owner", key: 0 },
      { do: "accept", session: 1, by: "owner", key: 0 },
      ask,
      clock(day + 60),
      ask,
      { do: "complete", testimony: 0 },
    ],
  },
  // The same for an application.
  {
    setting: {
      ...{ onboarded: [false, false], testimonies: [], orders: [] },
      transfers: [{ from: 0, to: 1, amount: 10_000, currency: "NGN", callback: false }],
      quotas: { rowsPerDay: 120, open: 2 },
    },
    steps: [
      ...Array.from({ length: 4 }, () => send),
      { do: "together", actions: [send, send, send, send] as never },
      { do: "accept-transfer", transfer: 0, by: "receiver", key: 0 },
      { do: "midnight", seconds: 60 },
      send,
    ],
  },
];
