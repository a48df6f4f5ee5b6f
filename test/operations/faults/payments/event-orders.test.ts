import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../../journey";
import { expectProof } from "../../books";
import { quickly } from "../quickly";
import { eventCount, type Memory, UnheardHistory } from "./unheard-history";

const journey = new Journey((request) => exports.default.fetch(request));
let history: UnheardHistory;

beforeAll(async () => {
  quickly();
  await journey.reset();
  history = await UnheardHistory.make(journey);
});

type Outcome = Awaited<ReturnType<UnheardHistory["outcome"]>>;

/** Expects a payment of 10.00 with our fee of 0.50, of which 3.00 and 0.15 were refunded. */
function expectWhole({ payment, isWatched, refunds, disputes, books, told }: Outcome): void {
  expect(payment).toMatchObject({ state: "succeeded", live: 1, captured_minor: 1000, refunded_minor: 300 });
  expect(isWatched).toBe(false);
  expect(refunds).toMatchObject([{ kind: "at_stripe", state: "succeeded", amount_minor: 300 }]);
  expect(disputes).toMatchObject([{ state: "won", amount_minor: 700 }]);
  expect(books).toEqual({ seller_balance: 665, seller_payable: -665, application_fees: -35, stripe_balance: 35 });
  const types = ["dispute.closed", "payment.created", "payment.succeeded", "refund.succeeded"];
  expect(told.map(([type]) => type)).toEqual(types);
}

const indexes = Array.from({ length: eventCount }, (_, index) => index);
const everything = 2 ** eventCount - 1;

/** Sets of received events, as bits. */
const has = (heard: number, index: number) => (heard & (1 << index)) !== 0;
const sizeOf = (heard: number) => indexes.filter((index) => has(heard, index)).length;
const setsOf = (size: number) =>
  Array.from({ length: everything + 1 }, (_, set) => set).filter((set) => sizeOf(set) === size);
const named = (heard: number) => `after ${indexes.filter((index) => has(heard, index)) || "none"}`;

/**
 * An order of six events is a path through the sets of received events, from none to all: there are 720 paths, but 64
 * sets and 192 steps. If every step into a set leads to the same rows, whichever set it comes from, so does every path
 * to all events.
 */
describe("six events in every order", () => {
  /** Our rows after each set of events, by the first path that led there. */
  const known = new Map<number, { outcome: Outcome; memory: Memory }>();
  let steps = 0;

  beforeAll(async () => {
    known.set(0, { outcome: await history.outcome(), memory: history.beginning });
  });

  it.each(indexes)(
    "after any %i of them, each of the others leads to one outcome",
    { timeout: 300_000 },
    async (size) => {
      for (const heard of setsOf(size)) {
        for (const next of indexes.filter((index) => !has(heard, index))) {
          await history.recall(known.get(heard)?.memory ?? []);
          await history.hear(next);
          const outcome = await history.outcome();
          const reached = heard | (1 << next);
          const first = known.get(reached);
          if (first) expect(outcome, `${named(heard)}, ${next}`).toEqual(first.outcome);
          else known.set(reached, { outcome, memory: await history.remember() });
          steps += 1;
        }
      }
    },
  );

  it("end as a whole, and every step was taken", async () => {
    expect([known.size, steps]).toEqual([64, 192]);
    await history.recall(known.get(everything)?.memory ?? []);
    expectWhole(await history.outcome());
    await expectProof(journey);
  });

  it.each(indexes)(
    "change nothing when the one at %i is told again, whatever was heard",
    { timeout: 300_000 },
    async (index) => {
      for (const [heard, { outcome, memory }] of known) {
        if (!has(heard, index)) continue;
        await history.recall(memory);
        await history.hear(index, { isTwin: true });
        expect(await history.outcome(), `${named(heard)}, ${index} again`).toEqual(outcome);
      }
    },
  );

  it.each([
    [5, 4, 3, 2, 1, 0],
    [0, 1, 2, 3, 4, 5],
    [3, 5, 1, 0, 4, 2],
    [4, 2, 5, 3, 1, 0],
  ])("come whole and doubled as %i, %i, %i, %i, %i, %i", async (...order) => {
    await history.recall(history.beginning);
    for (const index of order) await history.hear(index, { copies: 2 });
    expect(await history.outcome()).toEqual(known.get(everything)?.outcome);
    await expectProof(journey);
  });

  it("come all at once", async () => {
    await history.recall(history.beginning);
    await Promise.all(indexes.map((index) => history.hear(index, { copies: 3 })));
    expect(await history.outcome()).toEqual(known.get(everything)?.outcome);
    await expectProof(journey);
  });
});
