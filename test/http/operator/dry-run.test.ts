import { beforeEach, describe, expect, it } from "vitest";
import { booksOf, hundred } from "../../operations/books";
import { acceptedOffer, refund } from "../../operations/offers/accepted-offer";
import { payoutOf } from "../../operations/rows";
import { journey } from "../checked";
import { outcomeOf, tried, write } from "./write";

const reason = "The expert fell ill.";

beforeEach(() => journey.reset());

interface Line {
  account: string;
  amountMinor: number;
}

/** Adds the lines of a plan to the books. */
function afterAll(
  books: Record<string, number | undefined>,
  lines: readonly Line[],
): Record<string, number | undefined> {
  const sums = { ...books };
  for (const { account, amountMinor } of lines) sums[account] = (sums[account] ?? 0) + amountMinor;
  return Object.fromEntries(Object.entries(sums).filter(([, minor]) => minor !== 0));
}

/** Tries a request, then sends it, and expects the books to become what the plan said. */
async function expectAsPlanned(path: string, body: object) {
  const { data: plan } = (await tried(path, body)).body;
  const planned = afterAll(await booksOf(journey), plan.lines);
  expect((await write(path, body)).status).toBe(204);
  await journey.advance(10);
  expect(await booksOf(journey)).toEqual(planned);
  expect((await journey.ledgerCheck()).ok).toBe(true);
  return plan.steps.map(({ call, amountMinor }: { call: string; amountMinor: number }) => [call, amountMinor]);
}

describe("a dry run of a testimony's refund", () => {
  it("says that the transfer is reversed and the client refunded, and the books become as it says", async () => {
    const { testimonyId } = await acceptedOffer(journey);
    expect(await expectAsPlanned(`/testimonies/${testimonyId}/refund`, { reason })).toEqual([
      ["reverse-transfer", hundred.priceMinor],
      ["create-refund", hundred.totalMinor],
    ]);
  });

  it("says so of a payout that was not sent", async () => {
    const { testimonyId } = await acceptedOffer(journey, { onboarded: false });
    expect(await expectAsPlanned(`/testimonies/${testimonyId}/refund`, { reason })).toEqual([
      ["create-refund", hundred.totalMinor],
    ]);
  });

  it("says so of a part, and refuses more than is left as the refund itself does", async () => {
    const { testimonyId } = await acceptedOffer(journey);
    const path = `/testimonies/${testimonyId}/refund`;
    const half = hundred.totalMinor / 2;
    expect(await expectAsPlanned(path, { reason, amount: half })).toEqual([
      ["reverse-transfer", hundred.priceMinor / 2],
      ["create-refund", half],
    ]);
    const tooMuch = { reason, amount: half + 1 };
    expect(outcomeOf(await tried(path, tooMuch))).toEqual([422, "amount_exceeds_refundable"]);
    expect(outcomeOf(await write(path, tooMuch))).toEqual([422, "amount_exceeds_refundable"]);
  });

  it("is refused where the refund is: by the state, and while a transfer's outcome is unknown", async () => {
    const session = await acceptedOffer(journey);
    await refund(journey, session);
    await journey.advance(10);
    const path = `/testimonies/${session.testimonyId}/refund`;
    expect(outcomeOf(await tried(path, { reason }))).toEqual([409, "state_wrong"]);
    await journey.fault("POST /v1/transfers", "timeout_before", 1_000);
    const sending = await journey.paidOffer({ price: hundred.price });
    await journey.accept(sending);
    await journey.advance(1);
    expect((await payoutOf(sending)).state).toBe("sending");
    expect(outcomeOf(await tried(`/testimonies/${sending.testimonyId}/refund`, { reason }))).toEqual([
      503,
      "stripe_unavailable",
    ]);
  });
});

describe("a dry run of a payout's release", () => {
  it("says what is sent and what is written off, and refuses what the release refuses", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    const path = `/testimonies/${session.testimonyId}/release-payout`;
    expect(outcomeOf(await tried(path, { note: reason }))).toEqual([409, "state_wrong"]);
    const [charge] = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data;
    await journey.stripePost("/refunds", { charge: charge.id, amount: "4000" });
    await journey.onboard(session.expert);
    await journey.advance(10);
    const body = { note: reason, amount: 7000 };
    expect(await expectAsPlanned(path, body)).toEqual([["create-transfer", 7000]]);
  });
});
