import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type OfferOnTable, type Person } from "../../journey";
import { expectProof } from "../books";
import { checkoutState, rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
const minute = 60;

beforeEach(() => journey.reset());

/** Returns the sandbox's time so many seconds from now, with a zone. */
async function momentIn(seconds: number): Promise<string> {
  const { nowSeconds } = (await journey.control("GET", "clock")).body;
  return new Date((nowSeconds + seconds) * 1_000).toISOString();
}

async function offer(validUntil: unknown, expert?: Person) {
  const client = await journey.registerClient();
  const by = expert ?? (await journey.registerExpert());
  const testimonyId = await journey.createTestimony(client);
  const body = { price: 100, deliveryDays: 7, ...(validUntil === undefined ? {} : { validUntil }) };
  const path = `/api/v1/testimonies/${testimonyId}/offers`;
  const answer = await journey.call("POST", path, { token: by.token, body });
  const onTable: OfferOnTable = { testimonyId, offerId: answer.body.data?.id, client, expert: by };
  return { answer, ...onTable };
}

async function stateOf({ testimonyId, client }: OfferOnTable): Promise<string> {
  const path = `/api/v1/testimonies/${testimonyId}/offers`;
  return (await journey.call("GET", path, { token: client.token })).body.data[0].state;
}

const input = { phone: "+421901234567" };
const over = { status: 422, body: { code: "offer_expired", message: "The offer is no longer valid." } };

describe("an offer that is valid until a moment", () => {
  it("says so, in UTC, and one without an end says null", async () => {
    const { answer } = await offer((await momentIn(3_600)).replace("Z", "+00:00"));
    expect(answer.status).toBe(201);
    expect(answer.body.data).toMatchObject({ state: "open", validUntil: expect.stringMatching(/\+00:00$/) });
    expect((await offer(undefined)).answer.body.data.validUntil).toBeNull();
  });

  it("can be paid and accepted before it", async () => {
    const made = await offer(await momentIn(10 * minute));
    const session = await journey.checkout(made);
    await journey.pay(session);
    expect((await journey.accept(session)).status).toBe(204);
  });

  it("opens no page from then on, and is expired", async () => {
    const made = await offer(await momentIn(10 * minute));
    await journey.advance(10 * minute);
    expect(await stateOf(made)).toBe("expired");
    expect(await journey.startCheckout(made, input)).toMatchObject(over);
    expect(await rows("select id from checkouts")).toEqual([]);
    expect((await journey.stripe("/checkout/sessions")).data).toEqual([]);
  });

  it("is paid by a page that was opened before, and wins until that page ends", async () => {
    const made = await offer(await momentIn(10 * minute));
    const session = await journey.checkout(made);
    await journey.advance(40 * minute);
    expect(await stateOf(made)).toBe("expired");
    await journey.pay(session);
    expect((await journey.accept(session)).status).toBe(204);
    expect(await stateOf(made)).toBe("accepted");
    await expectProof(journey);
  });

  it("answers that page again for the same input, keeps it when the input differs, and opens none after it", async () => {
    const made = await offer(await momentIn(10 * minute));
    const session = await journey.checkout(made, input);
    await journey.advance(57 * minute); // three minutes are less than a page is otherwise good for
    const same = await journey.startCheckout(made, input);
    expect([same.status, same.body.data?.url]).toEqual([200, session.url]);
    expect(await journey.startCheckout(made, { ...input, firstName: "Other" })).toMatchObject(over);
    expect(await checkoutState(session)).toBe("open");
    await journey.advance(5 * minute);
    expect(await journey.startCheckout(made, input)).toMatchObject(over);
    await journey.advance(5 * minute);
    expect(await checkoutState(session)).toBe("expired");
    expect((await journey.stripe("/checkout/sessions")).data).toHaveLength(1);
  });

  it("opens no page in the place of one that Stripe refused to make meanwhile", async () => {
    const made = await offer(await momentIn(10 * minute));
    await journey.fault("POST /v1/checkout/sessions", "timeout_before", 1_000);
    expect((await journey.startCheckout(made)).status).toBe(500);
    await journey.advance(70 * minute);
    await journey.control("DELETE", "faults");
    expect((await journey.startCheckout(made)).status).toBe(422);
    const sessions = (await journey.stripe("/checkout/sessions")).data;
    expect(sessions.filter((one: { status: string }) => one.status === "open")).toEqual([]);
  });

  it("can be withdrawn, and made anew, once it is over", async () => {
    const made = await offer(await momentIn(10 * minute));
    await journey.advance(11 * minute);
    const token = made.expert.token;
    const path = `/api/v1/testimonies/${made.testimonyId}/offers`;
    const body = { price: 90, deliveryDays: 7 };
    expect((await journey.call("POST", path, { token, body })).body.code).toBe("offer_exists");
    const withdrawn = await journey.call("POST", `/api/v1/testimonies/offers/${made.offerId}/withdraw`, { token });
    expect(withdrawn.status).toBe(204);
    expect((await journey.call("POST", path, { token, body })).status).toBe(201);
  });
});

describe("an end is refused", () => {
  it.each([
    ["in the past", -1, "must be in the future, and at most 365 days from now."],
    ["more than a year away", 366 * 24 * 3_600, "must be in the future, and at most 365 days from now."],
  ])("%s", async (_, seconds, words) => {
    const message = `The valid until field ${words}`;
    const { answer } = await offer(await momentIn(seconds));
    expect(answer).toMatchObject({ status: 422, body: { message, errors: { validUntil: [message] } } });
    expect(await rows("select id from offers")).toEqual([]);
  });

  it.each(["2030-01-01T10:00:00", "2030-01-01", "2030-02-30T10:00:00Z", "soon", 1_893_492_000, true])(
    "as %j",
    async (sent) => {
      const { answer } = await offer(sent);
      expect([answer.status, Object.keys(answer.body.errors)]).toEqual([422, ["validUntil"]]);
    },
  );

  it.each([null, "", " "])("as %j, which is no value", async (sent) => {
    const { answer } = await offer(sent);
    expect([answer.status, Object.keys(answer.body.errors)]).toEqual([422, ["validUntil"]]);
  });
});
