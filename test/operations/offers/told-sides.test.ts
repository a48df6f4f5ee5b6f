import { beforeEach, expect, it } from "vitest";
import { notificationTypes } from "../../../src/domain/webhooks/notification";
import { journey } from "../../http/checked";
import type { Person } from "../../journey";
import { rows } from "../rows";
import { acceptedOffer, refund } from "./accepted-offer";
import { decideDispute, disputeAtStripe, emptyAccountOf, refundAtStripe } from "./at-stripe";
import { toldTo } from "./told-people";

beforeEach(() => journey.reset());

/** Returns every text and number of a profile that identifies somebody. */
async function whoIs({ token }: Person): Promise<string[]> {
  const { body } = await journey.must(200, "GET", "/me", { token });
  const { id, email, phone, lastName, billingAddress, company, bankAccount } = body.data;
  const parts = [id, email, phone, lastName, ...Object.values({ ...billingAddress, ...company, ...bankAccount })];
  return parts.filter((part): part is string => typeof part === "string" && part.length > 2);
}

it("shows neither side who the other is, nor what an operator has written, and tells nobody else", async () => {
  const [stranger, rival] = [await journey.registerClient(), await journey.registerExpert()];
  const session = await acceptedOffer(journey);
  const { client, expert } = session;
  const note = `Agreed with ${expert.email} and ${client.email}`;
  await decideDispute(journey, await disputeAtStripe(journey, session), "won");
  await refundAtStripe(journey, session, 100);
  await journey.advance(1);
  const part = { reason: note, amount: 1_210 };
  expect((await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, part)).status).toBe(204);
  await emptyAccountOf(journey, session);
  expect((await refund(journey, session, note)).status).toBe(204);
  await journey.advance(120);

  const said = { client: await toldTo(journey, client), expert: await toldTo(journey, expert) };
  expect(said.client.length + said.expert.length).toBeGreaterThan(12);
  const [asClient, asExpert] = [await whoIs(client), await whoIs(expert)];
  expect(asExpert.length).toBeGreaterThan(5);
  // The client's input at checkout identifies the client, too.
  const typed = ["Jana", "Vzorová", "Dlhá 2", "+42190"];
  const found = [
    ...[...asExpert, note].filter((part) => JSON.stringify(said.client).includes(part)),
    ...[...asClient, ...typed, note].filter((part) => JSON.stringify(said.expert).includes(part)),
  ];
  expect(found).toEqual([]);
  expect(await toldTo(journey, stranger)).toEqual([]);
  expect(await toldTo(journey, rival)).toEqual([]);

  // The id of another's notification is no position in the caller's own list.
  const cursor =
    said.client.length > 0 ? (await rows<{ id: string }>("select max(id) as id from notifications"))[0]?.id : "";
  const peeked = await journey.must(422, "GET", `/me/notifications?cursor=${cursor}`, { token: stranger.token });
  expect(peeked.body.errors).toEqual({ cursor: ["The cursor field names nothing that is listed here."] });
});

it("writes nothing of a change that somebody else was faster with", async () => {
  const session = await acceptedOffer(journey, { onboarded: false });
  const token = session.expert.token;
  const path = `/api/v1/testimonies/${session.testimonyId}/complete`;
  const answers = await Promise.all([1, 2, 3].map(() => journey.call("POST", path, { token })));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
  const told = (await toldTo(journey, session.client)).filter(({ type }) => type === "testimony.completed");
  expect(told).toHaveLength(1);
});

it("is in the description, each type with its data and in words", async () => {
  const { body } = await journey.must(200, "GET", "/openapi/offers.json");
  const { oneOf, anyOf } = body.components.schemas.Notification;
  const names: string[] = (oneOf ?? anyOf).map((one: { $ref: string }) => one.$ref.split("/").at(-1));
  const described = names.map((name) => body.components.schemas[name]);
  expect(described.map((one) => one.properties.type.const)).toEqual(notificationTypes);
  for (const one of described) {
    expect(one.description).toMatch(/^To the (?:client|expert): /);
    const { $ref } = one.properties.data;
    const data = $ref ? body.components.schemas[$ref.split("/").at(-1)] : one.properties.data;
    expect(data.required).toContain("testimonyId");
    expect(data.additionalProperties).toBe(false);
  }
});
