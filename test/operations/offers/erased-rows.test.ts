import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { journey } from "../../http/checked";
import { newClient, newExpert, type PaidSession, type Person } from "../../journey";
import { expectBooksInOrder } from "../../outcome";
import { arrived, makeEndpoint } from "../../webhooks/owner";
import { rows } from "../rows";
import { refund } from "./accepted-offer";
import { decideDispute, disputeAtStripe } from "./at-stripe";
import { columnsWith } from "./every-cell";

/** What only the one person has written or is known by. */
const ofClient = {
  email: "Xenia.Quokkova@Example.com",
  firstName: "Xenia",
  lastName: "Quokková",
  phone: "+421901555111",
  payingPhone: "+421901555222",
  line1: "Quincová 77",
  city: "Quokkograd",
  postalCode: "970 77",
  taxId: "2077777777",
  parcelNumber: "4711/99",
  plot: "Quokkov",
  notes: "My mother lives there.",
  reason: "We are getting divorced.",
  coordinates: "48.71237",
};
const ofExpert = {
  email: "zoltan.wombat@example.com",
  firstName: "Zoltán",
  lastName: "Wombat",
  phone: "+421901555333",
  iban: "SK3112000000198742637541",
  birthday: "1971-03-09",
  line1: "Wombatská 8",
  city: "Wombatov",
  taxId: "2088888888",
  registration: "988877",
  notes: "Call me, I know the house.",
};

const { line1, city, postalCode } = ofClient;
const home = { line1, city, postalCode };
const currentPassword = "correct-horse-9";

beforeEach(() => journey.reset());

async function registerBoth(): Promise<{ client: Person; expert: Person }> {
  const asClient = { ...newClient(), email: ofClient.email };
  const made = await journey.must(201, "POST", "/auth/register/client", { body: asClient });
  const client = { email: asClient.email, token: made.body.data.token };
  const { firstName, lastName, phone, taxId } = ofClient;
  const address = { ...home, country: "SK" };
  const body = { firstName, lastName, phone, company: { businessId: "87654321", taxId }, billingAddress: address };
  await journey.must(200, "PUT", "/me", { token: client.token, body });

  const { iban, registration, birthday: _, ...known } = ofExpert;
  const asExpert = {
    ...newExpert(),
    ...{ email: known.email, firstName: known.firstName, lastName: known.lastName, phone: known.phone },
    dateOfBirth: { day: 9, month: 3, year: 1971 },
    billingAddress: { line1: known.line1, city: known.city, postalCode: "960 88", country: "SK" },
    company: { businessId: "12345678", taxId: known.taxId },
    bankAccount: { iban },
    registrationNumber: registration,
  };
  const told = await journey.must(201, "POST", "/auth/register/expert", { body: asExpert });
  return { client, expert: { email: known.email, token: told.body.data.token } };
}

/** Asks for an opinion about the client's home, and offers it, both under keys. */
async function offered({ client, expert }: { client: Person; expert: Person }) {
  const realEstate = {
    type: "house",
    properties: { parcelCount: 1, storeyCount: 2, otherBuildingCount: 0, detachedGarageCount: 0 },
    address: { ...home, parcelNumber: ofClient.parcelNumber, cadastralArea: ofClient.plot },
    addressCoords: { lat: Number(ofClient.coordinates), lng: 19.1 },
    region: "ba",
  };
  const key = () => ({ "Idempotency-Key": crypto.randomUUID() });
  const asked = { purpose: "mortgage", realEstate, notes: ofClient.notes };
  const made = await journey.must(201, "POST", "/testimonies", { token: client.token, body: asked, headers: key() });
  const testimonyId: string = made.body.data.id;
  const offer = { price: 149.5, deliveryDays: 14, notes: ofExpert.notes };
  const path = `/testimonies/${testimonyId}/offers`;
  const told = await journey.must(201, "POST", path, { token: expert.token, body: offer, headers: key() });
  return { testimonyId, offerId: told.body.data.id as string, client, expert };
}

async function paid(people: { client: Person; expert: Person }): Promise<PaidSession> {
  const { firstName, lastName, payingPhone } = ofClient;
  const address = { ...home, country: "SK" };
  const details = { phone: payingPhone, firstName, lastName, billingAddress: address };
  const session = await journey.checkout(await offered(people), details);
  expect((await journey.pay(session)).status).toBe(303);
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(10);
  return session;
}

const complete = ({ testimonyId, expert }: PaidSession) =>
  journey.must(204, "POST", `/testimonies/${testimonyId}/complete`, { token: expert.token, body: {} });

/** Lets everything happen to a client and an expert that leaves a row. */
async function fullHistory() {
  await makeEndpoint("all");
  const people = await registerBoth();
  const { client, expert } = people;

  const cancelled = await journey.checkout(await offered(people));
  const body = { cancellationReason: ofClient.reason };
  await journey.must(204, "POST", `/testimonies/${cancelled.testimonyId}/cancel`, { token: client.token, body });
  const held = await paid(people); // waits for the account
  await journey.onboard(expert);
  await journey.advance(10);
  await complete(held);
  const disputed = await paid(people);
  await complete(disputed);
  await decideDispute(journey, await disputeAtStripe(journey, disputed), "won");
  const returned = await paid(people);
  expect((await refund(journey, returned)).status).toBe(204);
  await journey.advance(60 * 60);
  await arrived("all", 10);
  // A receiver may repeat what it was sent, and Stripe what it refuses.
  for (const [what, table] of [
    [ofClient.reason, "testimonies"],
    [ofExpert.city, "payout_accounts"],
  ]) {
    const key = table === "testimonies" ? "id" : "user_id";
    await env.DB.prepare(
      `update webhook_attempts set excerpt = ? where event_id in
        (select o.id from outbox o join ${table} t on t.${key} = o.aggregate_id)`,
    )
      .bind(`Thank you for ${what}`)
      .run();
  }
  for (const [kind, email] of [
    ["create-session", ofClient.email],
    ["create-account", ofExpert.email],
  ]) {
    await env.DB.prepare("update stripe_effects set failure = ? where kind = ?")
      .bind(`invalid_request: Invalid email address: ${email}`, kind)
      .run();
  }
  return { client, expert, held, disputed, returned };
}

const erase = ({ token }: Person) => journey.must(204, "DELETE", "/me", { token, body: { currentPassword } });

it("leaves nothing of a client in any column, and then nothing of the expert", { timeout: 120_000 }, async () => {
  const { client, expert, held, disputed, returned } = await fullHistory();
  for (const text of [...Object.values(ofClient), ...Object.values(ofExpert)]) {
    expect(await columnsWith(text), `${text} was never written`).not.toEqual([]);
  }
  const timelines = () =>
    Promise.all(
      [held, disputed, returned].map(async ({ testimonyId }) => {
        const { status, body } = await journey.operator("GET", `/testimonies/${testimonyId}/timeline`);
        expect(status).toBe(200);
        return body.data.entries.map(({ kind, at }: { kind: string; at: string }) => `${at} ${kind}`);
      }),
    );
  const before = await timelines();
  const money = "select * from postings order by aggregate_id, version, line";
  const posted = await rows(money);

  await erase(client);
  for (const [name, text] of Object.entries(ofClient)) expect(await columnsWith(text), name).toEqual([]);
  for (const [name, text] of Object.entries(ofExpert)) {
    if (name !== "notes") expect(await columnsWith(text), name).not.toEqual([]);
  }
  const seen = await journey.must(200, "GET", `/testimonies/${held.testimonyId}`, { token: expert.token });
  expect(seen.body.data).toMatchObject({ state: "completed", price: 149.5, purpose: "mortgage" });
  expect(seen.body.data.client).toMatchObject({ firstName: "Deleted", lastName: "user", email: "", phone: null });

  await erase(expert);
  for (const [name, text] of Object.entries(ofExpert)) expect(await columnsWith(text), name).toEqual([]);

  await expectBooksInOrder(journey);
  expect(await timelines()).toEqual(before);
  expect(await rows(money)).toEqual(posted);

  // A bank may still decide against the deleted expert, long afterwards.
  const dispute = await disputeAtStripe(journey, held);
  await journey.advance(60);
  await decideDispute(journey, dispute, "lost");
  await journey.advance(31 * 24 * 60 * 60);
  await journey.control("POST", "tick");
  await expectBooksInOrder(journey);
  for (const text of [...Object.values(ofClient), ...Object.values(ofExpert)])
    expect(await columnsWith(text)).toEqual([]);
});
