import { expect } from "vitest";
import { notifications } from "../../../src/domain/webhooks/notification";
import type { Answer, Journey, Person } from "../../journey";
import { type ListedEvent, postEvent } from "../../post-event";

export interface Told {
  type: keyof typeof notifications;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever was said
  data: any;
}

/** Returns a person's notifications, oldest first, from every page. */
export async function toldTo(journey: Journey, { token }: Person): Promise<Told[]> {
  const told: Told[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `?cursor=${cursor}`;
    const { body }: Answer = await journey.must(200, "GET", `/me/notifications${query}`, { token });
    told.unshift(...body.data.toReversed());
    cursor = body.meta.next_cursor;
  }
  return told;
}

type Side = "client" | "expert";

/**
 * Expects both sides to have these notifications and no others, also after every event of Stripe's has come again under
 * another id, and after two days of the clock.
 */
export async function expectTold(
  journey: Journey,
  people: Record<Side, Person>,
  wanted: Record<Side, readonly Told["type"][]>,
): Promise<void> {
  const told = async () => ({
    client: (await toldTo(journey, people.client)).map(({ type }) => type).sort(),
    expert: (await toldTo(journey, people.expert)).map(({ type }) => type).sort(),
  });
  const all = { client: wanted.client.toSorted(), expert: wanted.expert.toSorted() };
  expect(await told()).toEqual(all);
  await hearAgain(journey);
  for (const seconds of [1, 2 * hour, day, day]) await journey.advance(seconds);
  expect(await told(), "told twice").toEqual(all);
  const strays = (side: Side) => wanted[side].filter((type) => !(side in notifications[type]));
  expect([...strays("client"), ...strays("expert")]).toEqual([]);
}

const hour = 60 * 60;
const day = 24 * hour;

/** Delivers each event in Stripe's list once more, as another event with the same content. */
async function hearAgain(journey: Journey): Promise<void> {
  const { data }: { data: ListedEvent[] } = await journey.stripe("/events?limit=100");
  for (const event of data.toReversed()) await postEvent(journey, { ...event, id: `${event.id}_again` });
}
