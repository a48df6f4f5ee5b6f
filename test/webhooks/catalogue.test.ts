import { beforeEach, describe, expect, it } from "vitest";
import { messageTypes } from "../../src/domain/transfers/message";
import { type EventType, eventTypes } from "../../src/domain/webhooks/event";
import { catalogue } from "../../src/http/webhooks/catalogue";
import { envelopeOf } from "../../src/http/webhooks/event-envelope";
import { journey } from "../http/checked";
import { cards, type PaidSession } from "../journey";
import {
  chargeOf,
  emptyAccountOf,
  refundAtStripe,
  settlesInDollars,
  takenBackAfterAll,
} from "../operations/offers/at-stripe";
import { rows } from "../operations/rows";
import { arrivals, makeEndpoint, sendTest, tellBox, tellSomething, until, viewEndpoint } from "./owner";
import { tellOfPayments } from "./told-of-payments";
import { tellOfTransfers } from "./told-of-transfers";

const hourSeconds = 60 * 60;

beforeEach(() => journey.reset());

/** Every kind of event, caused as its users would. */
describe("every event that is sent", () => {
  it("fits its schema, has its place in its resource, and each type of the list is reached", {
    timeout: 180_000,
  }, async () => {
    await makeEndpoint("all");
    const broken = await makeEndpoint("broken", { events: ["testimony.cancelled"] });

    const paid = await accepted(); // accepted, account updated, paid
    await journey.must(204, "POST", `/testimonies/${paid.testimonyId}/complete`, { token: paid.expert.token });
    await accepted({ onboarded: false }); // held
    const refunded = await accepted();
    await refund(refunded, 1_000); // a part of it returned
    await refund(refunded); // reversed, refunded, returned
    await disputed(await accepted());
    await refundedAtStripe(await accepted());
    await paidLater();
    await indebted();
    await payoutRefused();
    await returnFailed();
    await tellOfPayments("all");
    await tellOfTransfers("all");
    await endpointGivenUp(broken);
    await sendTest(broken);

    const { n: told } = (
      await rows<{ n: number }>("select count(*) as n from outbox where type <> 'webhook_endpoint.test'")
    )[0] ?? { n: 0 };
    const events = await until(async () => {
      const list = (await arrivals("all")).map(({ body }) => JSON.parse(body));
      expect(new Set(list.map(({ id }) => id)).size).toBe(told);
      return list;
    });
    // The test event goes to its endpoint only.
    const [test] = (await arrivals("broken"))
      .map(({ body }) => JSON.parse(body))
      .filter(({ type }) => type === "webhook_endpoint.test");
    for (const event of [...events, test]) {
      const { error } = envelopeOf(event.type as EventType).safeParse(event);
      expect(error, JSON.stringify(event)).toBeUndefined();
    }
    const reached = new Set([...events, test].map(({ type }) => type));
    expect(eventTypes.filter((type) => !reached.has(type))).toEqual([]);
    expect(sequencesOf(events.filter(({ resource }) => resource !== broken.id)).filter(({ gaps }) => gaps)).toEqual([]);
  });
});

/** Tells whether each resource's events are numbered 1 to n, each once. */
function sequencesOf(events: readonly { id: string; resource: string; sequence: number }[]) {
  const byResource = Map.groupBy(
    new Map(events.map((event) => [event.id, event])).values(),
    ({ resource }) => resource,
  );
  return [...byResource].map(([resource, list]) => {
    const sequences = list.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
    return { resource, sequences, gaps: sequences.some((sequence, index) => sequence !== index + 1) };
  });
}

async function accepted(options: { onboarded?: boolean; card?: string } = {}): Promise<PaidSession> {
  const expert = await journey.registerExpert();
  if (options.onboarded ?? true) await journey.onboard(expert);
  await journey.advance(0);
  const session = await journey.paidOffer({ ...options, expert, onboarded: false });
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(1);
  return session;
}

async function refund({ testimonyId }: PaidSession, amount?: number): Promise<void> {
  const answer = await journey.operator("POST", `/testimonies/${testimonyId}/refund`, {
    reason: "The expert fell ill.",
    ...(amount === undefined ? {} : { amount }),
  });
  expect(answer.status).toBe(204);
  await journey.advance(10);
}

async function disputed(session: PaidSession): Promise<void> {
  const { body } = await journey.control("POST", "disputes", { charge: (await chargeOf(journey, session)).id });
  await journey.advance(1);
  await journey.control("POST", "disputes", { dispute: body.id, status: "won" });
  await journey.advance(1);
}

/** Refunds at Stripe twice: once successfully, and once so that it fails afterwards. */
async function refundedAtStripe(session: PaidSession): Promise<void> {
  await refundAtStripe(journey, session, 1_000);
  await journey.advance(1);
  await journey.control("POST", "refunds", { next: "succeed_then_fail" });
  await refundAtStripe(journey, session, 1_000);
  for (const seconds of [1, 61]) await journey.advance(seconds);
}

/** Withdraws an offer, and pays for others by a delayed method. */
async function paidLater(): Promise<void> {
  const table = await journey.offerOnTable({ onboarded: false });
  await journey.must(204, "POST", `/testimonies/offers/${table.offerId}/withdraw`, { token: table.expert.token });
  for (const card of [cards.delayedSucceeds, cards.delayedFails]) {
    const session = await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    await journey.pay(session, card);
    await journey.advance(1);
  }
  await journey.advance(300);
}

/** Makes a debt of what cannot be taken back, and lowers it by an out-of-band reversal. */
async function indebted(): Promise<void> {
  const session = await accepted();
  await emptyAccountOf(journey, session);
  await refund(session);
  await journey.advance(120);
  await takenBackAfterAll(journey, session);
}

/** Makes a charge that settles in another currency, so that nothing can be transferred out of it. */
async function payoutRefused(): Promise<void> {
  const expert = await journey.registerExpert();
  await journey.onboard(expert);
  await journey.advance(0);
  await journey.events("hold"); // nobody accepts it meanwhile
  const session = await journey.paidOffer({ expert, onboarded: false });
  await settlesInDollars(journey, session);
  expect((await journey.accept(session)).status).toBe(204);
  await journey.events("deliver");
  await journey.flushEvents();
  await journey.advance(30);
}

async function returnFailed(): Promise<void> {
  await refund(await accepted({ card: cards.refundFails }));
  await journey.advance(60);
}

/** Makes an endpoint fail for five days, with the warning and the disabling. */
async function endpointGivenUp(endpoint: { id: string }): Promise<void> {
  await tellBox("broken", "fail");
  for (const hours of [0, 61, 60]) {
    await journey.advance(hours * hourSeconds);
    await tellSomething(await journey.registerClient());
    await journey.advance(11);
    await until(async () => {
      const { health, enabled } = await viewEndpoint(endpoint);
      expect(health.failingSince).not.toBeNull();
      if (hours === 61) expect(health.warnedAt).not.toBeNull();
      expect(enabled).toBe(hours !== 60);
    });
  }
  await tellBox("broken", "ok");
}

describe("the catalogue", () => {
  it("is served as a list, with a schema for each", async () => {
    const { data } = (await journey.must(200, "GET", "/webhook-event-types")).body;
    expect(data.map(({ type }: { type: string }) => type)).toEqual([...eventTypes]);
    for (const { schema, summary } of data) {
      expect(summary).toMatch(/\.$/);
      expect(schema.required).toEqual(["id", "type", "timestamp", "resource", "sequence", "data"]);
      expect(schema.additionalProperties).toBe(false);
    }
  });

  it("stands in the OpenAPI document under webhooks, one for each", async () => {
    const { webhooks, components } = (await journey.must(200, "GET", "/openapi.json")).body;
    expect(Object.keys(webhooks)).toEqual([...eventTypes, ...messageTypes]);
    for (const type of eventTypes) {
      const { post } = webhooks[type];
      expect(post.summary).toBe(catalogue[type].summary);
      const { $ref } = post.requestBody.content["application/json"].schema;
      const schema = components.schemas[$ref.split("/").at(-1)];
      expect(schema.properties.type.const).toBe(type);
    }
  });

  it("has what the transfers contract sends by itself, in that contract's description too", async () => {
    const { webhooks } = (await journey.must(200, "GET", "/openapi/transfers.json")).body;
    expect(Object.keys(webhooks)).toEqual([...messageTypes]);
    for (const { post } of Object.values<{ post: Record<string, { name: string }[]> }>(webhooks)) {
      const names = post.parameters?.map(({ name }) => name);
      expect(names).toEqual(["X-IDaaS-Timestamp", "X-IDaaS-Signature", "X-IDaaS-Event", "X-IDaaS-Delivery"]);
    }
    for (const contract of ["offers", "payments"]) {
      expect((await journey.must(200, "GET", `/openapi/${contract}.json`)).body).not.toHaveProperty("webhooks");
    }
  });

  it("refuses what it does not know: a member more, or one less", () => {
    const event = {
      id: "1",
      type: "testimony.completed",
      timestamp: "",
      resource: "1",
      sequence: 1,
      data: { testimonyId: "1" },
    };
    const { success } = envelopeOf("testimony.completed").safeParse(event);
    expect(success).toBe(true);
    for (const data of [{}, { testimonyId: "1", more: 1 }, { testimonyId: 1 }]) {
      expect(envelopeOf("testimony.completed").safeParse({ ...event, data }).success).toBe(false);
    }
  });
});
