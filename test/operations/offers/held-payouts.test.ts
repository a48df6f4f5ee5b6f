import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { expectProof } from "../books";
import { payoutOf } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

/** Makes an accepted offer whose expert cannot be paid yet. */
async function heldPayout(expert = journey.registerExpert()): Promise<PaidSession> {
  const session = await journey.paidOffer({ expert: await expert, onboarded: false });
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(1);
  expect((await payoutOf(session)).state).toBe("held");
  return session;
}

async function dispute({ testimonyId }: PaidSession, more: object = {}): Promise<string> {
  const [charge] = (await journey.stripe(`/charges?transfer_group=${testimonyId}`)).data;
  return (await journey.control("POST", "disputes", { charge: charge.id, ...more })).body.id;
}

async function end(disputeId: string, status: string): Promise<void> {
  await journey.control("POST", "disputes", { dispute: disputeId, status });
  await journey.advance(1);
}

async function statesOf(sessions: readonly PaidSession[]): Promise<string[]> {
  return Promise.all(sessions.map(async (session) => (await payoutOf(session)).state));
}

it("are all released when their expert can be paid", async () => {
  const expert = journey.registerExpert();
  const sessions = [await heldPayout(expert), await heldPayout(expert)];
  await journey.onboard(await expert);
  await journey.advance(60);
  expect(await statesOf(sessions)).toEqual(["paid", "paid"]);
  await expectProof(journey);
});

describe("stay held", () => {
  it.each([
    ["a lost dispute", {}, ["lost"]],
    ["an open dispute", {}, []],
    ["a dispute of a part that was lost", { amount: 100 }, ["lost"]],
    ["an inquiry", { inquiry: true }, []],
    ["an inquiry that became a dispute and was lost", { inquiry: true }, ["needs_response", "lost"]],
  ])("after %s, although their expert can be paid", async (_, terms, ends) => {
    const session = await heldPayout();
    const id = await dispute(session, terms);
    await journey.advance(1);
    for (const status of ends) await end(id, status);
    await journey.onboard(session.expert);
    for (const seconds of [60, 7 * 60 * 60]) await journey.advance(seconds);
    expect(await statesOf([session])).toEqual(["held"]);
    await expectProof(journey);
  });
});

describe("are released", () => {
  it.each([
    ["a dispute that was won", {}, ["won"]],
    ["an inquiry that ended", { inquiry: true }, ["warning_closed"]],
    ["an inquiry that became a dispute and was won", { inquiry: true }, ["needs_response", "won"]],
  ])("after %s", async (_, terms, ends) => {
    const session = await heldPayout();
    const id = await dispute(session, terms);
    await journey.onboard(session.expert);
    await journey.advance(60);
    expect(await statesOf([session])).toEqual(["held"]);
    for (const status of ends) await end(id, status);
    await journey.advance(7 * 60 * 60);
    expect(await statesOf([session])).toEqual(["paid"]);
    await expectProof(journey);
  });
});
