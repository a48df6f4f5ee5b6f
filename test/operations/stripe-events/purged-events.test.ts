import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { eventOf, type ListedEvent, postEvent } from "../../post-event";
import { eventually } from "../faults/left-open";
import { quickly } from "../faults/quickly";
import { journalOf, rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;

interface Stored {
  state: string;
  payload: string;
  failure: string | null;
  note: string | null;
  closed_by: string | null;
}

let session: PaidSession;
let event: ListedEvent;

/** Makes a paid offer whose event of completion is lost. */
beforeEach(async () => {
  quickly();
  await journey.reset();
  await journey.events("drop");
  session = await journey.paidOffer({ onboarded: false });
  const isOurs = (object: ListedEvent["data"]["object"]) => object.metadata?.testimony_id === session.testimonyId;
  event = await eventOf(journey, "checkout.session.completed", isOurs);
});

async function stored(): Promise<Stored | undefined> {
  return (await rows<Stored>("select * from stripe_events where id = ?", event.id))[0];
}

const set = (changes: string) =>
  env.DB.prepare(`update stripe_events set ${changes} where id = ?`).bind(event.id).run();
const processed = () => eventually("the event was processed", async () => (await stored())?.state === "processed");
const replay = () => journey.operator("POST", `/stripe-events/${event.id}/replay`);
const close = (note = "The case is closed.") => journey.operator("POST", `/stripe-events/${event.id}/close`, { note });
const acceptances = async () => (await journalOf(session)).filter((name) => name === "accept-offer").length;

/** Delivers the event, and gives it up before it is processed. */
async function givenUp(): Promise<void> {
  await journey.fault("GET /v1/checkout/sessions/*", "timeout_before", 4);
  await postEvent(journey, event);
  await eventually("it failed", async () => (await stored())?.failure !== null);
  await set("state = 'dead', due_at = null, attempts = 12");
  await journey.control("DELETE", "faults");
}

describe("an event whose payload was purged", () => {
  it("is refused with the reason when Stripe has it no longer, and stays as it was", async () => {
    await postEvent(journey, event);
    await processed();
    await journey.advance(31 * day);
    await journey.advance(1);
    expect(await stored()).toMatchObject({ state: "processed", payload: "{}" });
    const answer = await replay();
    expect([answer.status, answer.body.code]).toEqual([409, "event_erased"]);
    expect(await stored()).toMatchObject({ state: "processed", failure: null });
    expect((await journey.operator("GET", "/stripe-events?state=dead")).body.data).toEqual([]);
  });

  it("is fetched from Stripe again while it is there", async () => {
    await givenUp();
    expect((await close()).status).toBe(204);
    expect(await stored()).toMatchObject({ state: "closed", payload: "{}" });
    expect((await replay()).status).toBe(204);
    await processed();
    expect(await journey.state(session)).toBe("accepted");
    expect(JSON.parse((await stored())?.payload ?? "")).toMatchObject({ id: event.id });
  });

  it("is tried again later when Stripe does not answer", async () => {
    await givenUp();
    await close();
    await journey.fault("GET /v1/events/*", "timeout_before", 2);
    expect((await replay()).status).toBe(503);
    expect(await stored()).toMatchObject({ state: "closed" });
    expect((await replay()).status).toBe(204);
    await processed();
  });

  it("is not revived by Stripe's resend: it was processed", async () => {
    await postEvent(journey, event);
    await processed();
    await set("payload = '{}', due_at = null");
    await postEvent(journey, event);
    await journey.advance(1);
    expect(await stored()).toMatchObject({ state: "processed", payload: "{}" });
    expect(await acceptances()).toBe(1);
  });
});

describe("an event that was given up", () => {
  it("is processed again when Stripe sends it again", async () => {
    await givenUp();
    await postEvent(journey, event);
    await processed();
    expect(await journey.state(session)).toBe("accepted");
    expect(await acceptances()).toBe(1);
  });

  it("is not processed again because Stripe's list still has it", async () => {
    await givenUp();
    await journey.advance(11 * 60);
    expect((await journey.control("GET", "requests?match=GET%20/v1/events")).body.requests.length).toBeGreaterThan(0);
    expect(await stored()).toMatchObject({ state: "dead" });
  });

  it("is closed by an operator, who says why", async () => {
    await givenUp();
    expect((await journey.operator("GET", "/attention")).body.data.entries).toHaveLength(1);
    expect((await close("Settled with the client.")).status).toBe(204);
    expect(await stored()).toMatchObject({ state: "closed", note: "Settled with the client.", closed_by: "sandbox" });
    expect((await journey.operator("GET", "/attention")).body.data.entries).toEqual([]);
    expect((await journey.operator("GET", "/stripe-events?state=dead")).body.data).toEqual([]);
    const again = await close();
    expect([again.status, again.body.code]).toEqual([409, "state_wrong"]);
  });

  it("stays closed when Stripe sends it again", async () => {
    await givenUp();
    await close();
    await postEvent(journey, event);
    await journey.advance(1);
    expect(await stored()).toMatchObject({ state: "closed", payload: "{}" });
  });

  it("is not closed without a reason", async () => {
    await givenUp();
    for (const body of [{}, { note: "" }, { note: "  " }, { note: "x".repeat(501) }]) {
      expect((await journey.operator("POST", `/stripe-events/${event.id}/close`, body)).status).toBe(422);
    }
    expect((await journey.operator("POST", "/stripe-events/evt_unknown/close", { note: "No." })).status).toBe(404);
    expect(await stored()).toMatchObject({ state: "dead" });
  });
});

it("an event that is to be processed is not closed", async () => {
  await postEvent(journey, event);
  expect((await close()).status).toBe(409);
  await processed();
  expect((await close()).status).toBe(409);
});
