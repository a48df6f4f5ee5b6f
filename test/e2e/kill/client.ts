import { checkoutBody, Journey, type Person } from "../../journey.ts";
import { euroDecimals, written } from "../../written-amount.ts";
import { priceCents } from "./amounts.ts";
import type { Chance } from "./chance.ts";
import type { Session, Testimony } from "./evidence.ts";
import { expected, keyed, type Line, sender, together, untilCutOff } from "./keyed.ts";

export interface Load extends Line {
  /** The people of earlier rounds, who act again in later ones. */
  clients: Person[];
  experts: Person[];
}

/**
 * Simulates one client: creates testimonies, gets offers, checks out, pays, accepts, cancels or leaves, repeatedly,
 * until the server is gone. Continues first what an earlier kill interrupted. Several of them make the load.
 */
export function liveAsClient(load: Load, decide: Chance): Promise<void> {
  return untilCutOff(load, async () => {
    const testimony = interrupted(load) ?? (await post(load, await someClient(load, decide)));
    await tellStory(load, decide, testimony);
  });
}

function interrupted({ book }: Load): Testimony | undefined {
  const testimony = book.testimonies.find(({ story }) => story === "waiting");
  if (testimony) testimony.story = "taken";
  return testimony;
}

/** Continues a testimony from its state to its end; what was acknowledged before is not requested again. */
async function tellStory(load: Load, decide: Chance, testimony: Testimony): Promise<void> {
  if (testimony.offerIds.length === 0) {
    const bidders = await experts(load, decide);
    await together(bidders.map((expert) => () => offer(load, testimony, expert, decide)));
  }
  const unasked = testimony.offerIds.filter((id) => !testimony.sessions.some((session) => session.offerId === id));
  await together(unasked.map((offerId) => () => checkOut(load, testimony, offerId, decide)));

  const mayCancel = decide.often(0.2);
  const ends = testimony.sessions
    .filter(() => decide.often(0.85))
    .map((session) => () => payAndAccept(load, testimony, session, decide));
  await together(mayCancel ? [...ends, () => cancel(load, testimony)] : ends);
  const isAccepted = testimony.sessions.some((session) => session.accepted);
  if (isAccepted && !testimony.completed && decide.often(0.3)) await complete(load, testimony);
  testimony.story = "over";
}

/** Returns a client, seldom a new one: hashing a password costs more than everything else. */
async function someClient(load: Load, decide: Chance): Promise<Person> {
  const known = decide.often(0.1) ? undefined : decide.pick(load.clients);
  return known ?? (await registerClient(load));
}

export async function registerClient(load: Load): Promise<Person> {
  const client = await new Journey(sender(load), load.origin).registerClient();
  load.clients.push(client);
  load.book.people.push(client);
  load.book.note("registered", { email: client.email });
  return client;
}

export async function registerExpert(load: Load, opensAccount: boolean): Promise<void> {
  const expert = await new Journey(sender(load), load.origin).registerExpert();
  load.experts.push(expert);
  load.book.people.push(expert);
  load.book.note("registered", { email: expert.email });
  if (opensAccount) await openPayoutAccount(load, expert);
}

async function experts(load: Load, decide: Chance): Promise<Person[]> {
  const wanted = decide.often(0.5) ? 2 : 1;
  if (decide.often(0.1)) await registerExpert(load, decide.often(0.8));
  const first = decide.pick(load.experts);
  const second = decide.pick(load.experts.filter((expert) => expert !== first));
  return [first, second].slice(0, wanted).filter((expert) => expert !== undefined);
}

async function openPayoutAccount(load: Load, expert: Person): Promise<void> {
  await keyed(load, `open a payout account for ${expert.email}`, async (journey) => {
    await journey.onboard(expert);
    load.book.payoutAccounts.push(expert);
    load.book.note("payout account", { email: expert.email });
  });
}

async function post(load: Load, client: Person): Promise<Testimony> {
  return await keyed(load, `post a testimony of ${client.email}`, async (journey) => {
    const id = await journey.createTestimony(client, null);
    const facts = { id, client, offerIds: [], bidders: [], sessions: [], cancelled: false, completed: false };
    const testimony: Testimony = { ...facts, story: "taken" };
    load.book.testimonies.push(testimony);
    load.book.note("testimony", { id });
    return testimony;
  });
}

async function offer(load: Load, testimony: Testimony, expert: Person, decide: Chance): Promise<void> {
  const price = written(priceCents(decide), euroDecimals);
  await keyed(load, `offer for ${testimony.id}`, async (journey) => {
    const offerId = await journey.createOffer(expert, testimony.id, price);
    testimony.offerIds.push(offerId);
    testimony.bidders.push(expert);
    load.book.note("offer", { testimonyId: testimony.id, offerId });
  });
}

/** Checks out. Sometimes the client changes the input, so that the first page must become unpayable. */
async function checkOut(load: Load, testimony: Testimony, offerId: string, decide: Chance): Promise<void> {
  const tries = decide.often(0.2) ? 2 : 1;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const input = checkoutBody();
    await keyed(load, `check out ${offerId}`, async (journey) => {
      const answer = await journey.startCheckout({ offerId, client: testimony.client }, input);
      expected(answer, [200], `checkout of ${offerId}`);
      const url: string = answer.body.data.url;
      const session = { id: url.split("/").at(-1) ?? "", url, offerId, paid: false, accepted: false };
      testimony.sessions = [...testimony.sessions.filter((other) => other.offerId !== offerId), session];
      load.book.note("session", { testimonyId: testimony.id, offerId, session: session.id });
    });
  }
}

async function payAndAccept(load: Load, testimony: Testimony, session: Session, decide: Chance): Promise<void> {
  if (!session.paid) {
    const paid = await new Journey(sender(load), load.origin).pay(session);
    // 200: paid before the kill. 410: closed, because another offer won or the testimony was cancelled.
    expected(paid, [303, 200, 410], `payment of ${session.id}`);
    if (paid.status === 410) return;
    session.paid = true;
    load.book.note("paid", { testimonyId: testimony.id, session: session.id });
  }
  if (decide.often(0.25)) return; // leaves: the event alone must suffice
  await keyed(load, `accept ${session.id}`, (keyedJourney) => accept(load, testimony, session, keyedJourney));
}

/**
 * Accepts an offer. 422 is right for the one that lost; the verdict checks from what is stored whether it had to lose.
 */
async function accept(load: Load, testimony: Testimony, session: Session, journey: Journey): Promise<void> {
  const answer = await journey.accept({ sessionId: session.id, client: testimony.client });
  expected(answer, [204, 422], `accept of ${session.id}`);
  if (answer.status !== 204) return;
  session.accepted = true;
  load.book.note("accepted", { testimonyId: testimony.id, session: session.id });
}

async function cancel(load: Load, testimony: Testimony): Promise<void> {
  await keyed(load, `cancel ${testimony.id}`, async (journey) => {
    const path = `/api/v1/testimonies/${testimony.id}/cancel`;
    const answer = await journey.call("POST", path, {
      token: testimony.client.token,
      body: {},
    });
    expected(answer, [204, 409], `cancel of ${testimony.id}`);
    testimony.cancelled = answer.status === 204;
    load.book.note("cancel", { testimonyId: testimony.id, status: answer.status });
  });
}

async function complete(load: Load, testimony: Testimony): Promise<void> {
  const path = `/api/v1/testimonies/${testimony.id}/complete`;
  for (const expert of testimony.bidders) {
    await keyed(load, `complete ${testimony.id}`, async (journey) => {
      const answer = await journey.call("POST", path, { token: expert.token });
      expected(answer, [204, 403], `complete of ${testimony.id}`); // only the chosen expert may
      if (answer.status !== 204) return;
      testimony.completed = true;
      load.book.note("completed", { testimonyId: testimony.id });
    });
  }
}
