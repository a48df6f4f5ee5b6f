import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import { copy } from "../operations/sweep/copies";
import { arrivals, makeEndpoint, newestAttempted, nowMs, tellBox, tellSomething, token, until } from "./owner";

const count = 60;

beforeEach(() => journey.reset());
afterEach(() => rows("drop trigger if exists unwritable"));

interface Row {
  event_id: string;
  state: string;
  attempts: number;
  version: number;
}

const delivered = () => rows<Row>("select * from webhook_deliveries where state = 'delivered'");

/** Makes an endpoint with one event that failed, and copies of its delivery, each of which is an event of its own. */
async function failed(box: string) {
  const endpoint = await makeEndpoint(box, { events: ["testimony.cancelled"] });
  await tellBox(box, "gone");
  await tellSomething(await journey.registerClient());
  const { eventId } = await newestAttempted(endpoint);
  const text = "substr(event_id, 1, 18) || printf('%010d', i)";
  await copy(
    { table: "outbox", where: `id = '${eventId}'`, count },
    { id: text.replace("event_id", "id"), sequence: "1000 + i" },
  );
  await copy(
    { table: "webhook_deliveries", where: `event_id = '${eventId}'`, count },
    { event_id: text, sequence: "1000 + i" },
  );
  await tellBox(box, "ok");
  return endpoint;
}

function recover({ id }: { id: string }) {
  const body = { since: "2020-01-01T00:00:00Z" };
  return journey.must(202, "POST", `/webhook-endpoints/${id}/recover`, { token, body });
}

describe("many deliveries of one endpoint at once", () => {
  it("are each sent once, logged once, and read and written in a few round trips", async () => {
    const endpoint = await failed("many");
    const lines: string[] = [];
    const spy = vi.spyOn(console, "info").mockImplementation((line: string) => void lines.push(line));
    await recover(endpoint);
    await until(async () => expect(await delivered()).toHaveLength(count + 1));
    spy.mockRestore();
    const attempts = await rows<{ event_id: string; number: number; status: number; outcome: string }>(
      "select event_id, number, status, outcome from webhook_attempts where outcome = 'delivered'",
    );
    expect(attempts).toHaveLength(count + 1);
    expect(new Set(attempts.map((one) => one.event_id)).size).toBe(count + 1);
    expect(attempts.every(({ status }) => status === 200 || status === 204)).toBe(true);
    const ids = (await arrivals("many")).map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids.slice(1)).size).toBe(ids.length - 1); // the first was refused before
    const trips = lines
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === "delivery")
      .reduce((sum, { cost }) => sum + cost.roundTrips, 0);
    expect(trips).toBeLessThan(count); // each by itself would make two
  });

  it("are written down by themselves where they cannot be together", async () => {
    const endpoint = await failed("poisoned");
    const [poisoned] = await rows<Row>("select * from webhook_deliveries order by event_id desc limit 1");
    await rows(
      `create trigger unwritable before insert on webhook_attempts
       when new.event_id = '${poisoned?.event_id}' begin select raise(abort, 'not writable'); end`,
    );
    await recover(endpoint);
    await until(async () => expect(await delivered()).toHaveLength(count));
    const [left] = await rows<Row & { due_at: number }>(
      `select * from webhook_deliveries where event_id = '${poisoned?.event_id}'`,
    );
    await until(async () => expect(left?.due_at).toBeGreaterThan((await nowMs()) + 60_000)); // put off
    expect(left?.attempts).toBe(1);
  });

  it("are read again before they are sent when they waited for a slow receiver", async () => {
    const endpoint = await failed("slow");
    await tellBox("slow", "hold");
    await recover(endpoint);
    await until(async () => expect((await arrivals("slow")).length).toBeGreaterThan(4)); // each lane holds one
    const held = new Set((await arrivals("slow")).map(({ headers }) => headers["webhook-id"]));
    await rows("update outbox set data = '{}', erased_at = 1");
    await new Promise((done) => setTimeout(done, 1_100)); // what was read is outdated
    await tellBox("slow", "ok");
    await until(async () => {
      expect(await rows("select 1 from webhook_deliveries where replay = 1")).toHaveLength(0);
    });
    const ids = (await arrivals("slow")).map(({ headers }) => headers["webhook-id"]);
    expect(ids.filter((id) => !held.has(id))).toEqual([]);
  });
});
