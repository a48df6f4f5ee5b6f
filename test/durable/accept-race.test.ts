import { exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { isFullSize } from "../full-size";
import { Journey } from "../journey";
import { expectBooksInOrder, journalCount, outboxCount, outcomeOf } from "../outcome";

const journey = new Journey((request) => exports.default.fetch(request));

const rounds = isFullSize ? 20 : 5;
const acceptsBeforeEvent = 50;
const acceptsAfterEvent = 50;
const copiesOfEvent = 20;

beforeEach(() => journey.reset());

it("accepts once, however many requests and events say so", { timeout: 300_000 }, async () => {
  const client = await journey.registerClient();
  const expert = await journey.registerExpert();
  await journey.onboard(expert);
  await journey.advance(10);

  for (let round = 1; round <= rounds; round += 1) {
    const testimonyId = await journey.createTestimony(client);
    const offerId = await journey.createOffer(expert, testimonyId, 149.5);
    const session = await journey.checkout({ testimonyId, offerId, client, expert });
    await journey.events("hold");
    expect((await journey.pay(session)).status).toBe(303);
    await journey.events("deliver");

    const accept = () => journey.accept(session);
    const [flushed, ...accepts] = await Promise.all([
      journey.flushEvents(copiesOfEvent),
      ...Array.from({ length: acceptsBeforeEvent + acceptsAfterEvent }, accept),
    ]);
    expect(new Set(accepts.map(({ status }) => status))).toEqual(new Set([204]));
    expect(flushed.body.events).toBeGreaterThan(0);
    expect(new Set(flushed.body.statuses)).toEqual(new Set([200]));

    await journey.advance(10);
    expect(await journalCount(testimonyId, "accept-offer")).toBe(1);
    expect(await outboxCount(testimonyId, "offer.accepted")).toBe(1);
    expect(await outcomeOf(journey, session)).toMatchObject({
      sessions: ["complete"],
      paidMinor: 18_090,
      refunds: [],
      transfers: [{ amount: 14_950 }],
    });
  }
  await expectBooksInOrder(journey);
});
