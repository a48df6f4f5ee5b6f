import { describe, expect, it } from "vitest";
import { callRaw, journey } from "../checked";

const house = {
  purpose: "mortgage",
  realEstate: {
    type: "house",
    properties: { parcelCount: 1 },
    address: { line1: "Farská 12", city: "Nitra", postalCode: "949 01" },
    region: "nr",
  },
};
const withRealEstate = (changes: object) => ({ ...house, realEstate: { ...house.realEstate, ...changes } });

describe("creating", () => {
  it("answers the testimony as documented", async () => {
    const client = await journey.registerClient();
    const { body } = await journey.must(201, "POST", "/testimonies", { token: client.token, body: house });
    expect(Object.keys(body.data)).toEqual([
      "id",
      "state",
      "purpose",
      "price",
      "client",
      "expert",
      "realEstate",
      "notes",
      "cancellationReason",
      "acceptedOffer",
      "offers",
      "createdAt",
    ]);
    expect(Object.keys(body.data.client)).toHaveLength(12);
    expect(body.data).toMatchObject({ state: "pending", price: null, expert: null, acceptedOffer: null, offers: null });
    expect(body.data.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    expect(body.data.realEstate).toEqual({
      type: "house",
      properties: { parcelCount: 1 },
      address: {
        line1: "Farská 12",
        line2: null,
        city: "Nitra",
        postalCode: "949 01",
        parcelNumber: null,
        cadastralArea: null,
      },
      region: "nr",
      addressCoords: null,
      userCoords: null,
    });
  });

  it.each([
    [{ properties: null }, ["realEstate.properties"]],
    [{ type: "garage", properties: null }, []],
    [{ type: "castle" }, ["realEstate.type"]],
    [{ region: "xx" }, ["realEstate.region"]],
    [{ addressCoords: { lat: 91, lng: 18 } }, ["realEstate.addressCoords.lat"]],
    [
      { address: { city: "Nitra", postalCode: "949 01" } },
      ["realEstate.address.parcelNumber", "realEstate.address.cadastralArea", "realEstate.userCoords"],
    ],
    [
      {
        address: { city: "Nitra", postalCode: "949 01", parcelNumber: "1", cadastralArea: "Nitra" },
        addressCoords: { lat: 48.3, lng: 18 },
      },
      [],
    ],
    [
      {
        address: { city: "Nitra", postalCode: "949 01", parcelNumber: "1", cadastralArea: "Nitra" },
        userCoords: { lat: 48.3, lng: 18 },
      },
      [],
    ],
  ])("%o → %o", async (changes, inputs) => {
    const { token } = await journey.registerClient();
    const answer = await journey.call("POST", "/api/v1/testimonies", { token, body: withRealEstate(changes) });
    expect(Object.keys(answer.body.errors ?? {}).sort()).toEqual([...inputs].sort());
    expect(answer.status).toBe(inputs.length === 0 ? 201 : 422);
  });
});

describe("who sees what", () => {
  it("the client sees every offer, an expert their own, a stranger nothing", async () => {
    const table = await journey.offerOnTable({ onboarded: false, price: 100 });
    const rival = await journey.registerExpert();
    const rivalOffer = await journey.createOffer(rival, table.testimonyId, 99.99);
    const look = async (token: string) =>
      (await journey.must(200, "GET", `/testimonies/${table.testimonyId}`, { token })).body.data;

    const own = await look(table.client.token);
    expect(own.offers.map((offer: { id: string }) => offer.id)).toEqual([rivalOffer, table.offerId]);
    expect(Object.keys(own.client)).toHaveLength(12);
    const theirs = await look(rival.token);
    expect(theirs.offers).toMatchObject([{ id: rivalOffer, price: 99.99, commission: 21 }]);
    expect(Object.keys(theirs.client)).toEqual([
      "email",
      "phone",
      "firstName",
      "lastName",
      "role",
      "regions",
      "emailVerified",
    ]);
    const stranger = await journey.registerClient();
    await journey.must(403, "GET", `/testimonies/${table.testimonyId}`, { token: stranger.token });
    const foreign = await journey.registerExpert(["ke"]);
    await journey.must(403, "GET", `/testimonies/${table.testimonyId}`, { token: foreign.token });
    await journey.must(403, "GET", `/testimonies/${table.testimonyId}/offers`, { token: foreign.token });
  });

  it("a rival does not learn who was chosen, at which price", async () => {
    const session = await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    const rival = await journey.registerExpert();
    await journey.createOffer(rival, session.testimonyId, 200);
    await journey.pay(session);
    await journey.accept(session);
    const { body } = await journey.must(200, "GET", `/testimonies/${session.testimonyId}`, { token: rival.token });
    expect(body.data).toMatchObject({ state: "accepted", price: null, expert: null, acceptedOffer: null });
    expect(body.data.offers).toHaveLength(1);
  });
});

describe("offers", () => {
  it.each([
    ['{"price":10.5,"deliveryDays":7}', 10.5, 2.21],
    ['{"price":149.50,"deliveryDays":7}', 149.5, 31.4],
    ['{"price":1234.56,"deliveryDays":7}', 1234.56, 259.26],
    ['{"price":99.99,"deliveryDays":7}', 99.99, 21],
    ['{"price":1e2,"deliveryDays":7}', 100, 21],
  ])("%s costs %d and %d", async (body, price, commission) => {
    const client = await journey.registerClient();
    const expert = await journey.registerExpert();
    const testimonyId = await journey.createTestimony(client);
    const answer = await callRaw("POST", `/api/v1/testimonies/${testimonyId}/offers`, { token: expert.token, body });
    expect(answer.body.data).toMatchObject({ price, commission, deliveryDays: 7, notes: null, state: "open" });
  });

  it("never rounds a price", async () => {
    const table = await journey.offerOnTable({ onboarded: false });
    const expert = await journey.registerExpert();
    const path = `/api/v1/testimonies/${table.testimonyId}/offers`;
    for (const price of ["10.500000000000000000001", "1000000.0000000000001", "0.1e400", "1e-400"]) {
      const answer = await callRaw("POST", path, { token: expert.token, body: `{"price":${price},"deliveryDays":7}` });
      expect(answer.body.errors).toEqual({ price: ["The price field must be a number."] });
    }
  });

  it("are one per expert while they live, and can be made anew once withdrawn", async () => {
    const table = await journey.offerOnTable({ onboarded: false });
    const again = { token: table.expert.token, body: { price: 90, deliveryDays: 7 } };
    const refused = await journey.must(409, "POST", `/testimonies/${table.testimonyId}/offers`, again);
    expect(refused.body.code).toBe("offer_exists");
    const path = `/testimonies/offers/${table.offerId}/withdraw`;
    await journey.must(204, "POST", path, { token: table.expert.token });
    await journey.must(201, "POST", `/testimonies/${table.testimonyId}/offers`, again);
    const list = await journey.must(200, "GET", `/testimonies/${table.testimonyId}/offers`, {
      token: table.client.token,
    });
    expect(list.body.data.map((offer: { state: string }) => offer.state)).toEqual(["open", "withdrawn"]);
  });

  it("are for experts of the region", async () => {
    const client = await journey.registerClient();
    const expert = await journey.registerExpert(["ke"]);
    const offer = { token: expert.token, body: { price: 90, deliveryDays: 7 } };
    const near = await journey.createTestimony(client, "ba");
    const anywhere = await journey.createTestimony(client, null);
    const refused = await journey.must(403, "POST", `/testimonies/${near}/offers`, offer);
    expect(refused.body.code).toBe("region_foreign");
    await journey.must(201, "POST", `/testimonies/${anywhere}/offers`, offer);
  });
});

describe("lists", () => {
  it("are paged as the reference pages them", async () => {
    const client = await journey.registerClient();
    const ids: string[] = [];
    for (let number = 0; number < 17; number += 1) ids.push(await journey.createTestimony(client, "za"));
    ids.reverse();
    const page = async (query: string) =>
      (await journey.must(200, "GET", `/testimonies${query}`, { token: client.token })).body;
    const base = "http://localhost:8787/api/v1/testimonies?page=";

    const first = await page("");
    expect(first.data.map((one: { id: string }) => one.id)).toEqual(ids.slice(0, 15));
    expect(first.links).toEqual({ first: `${base}1`, last: `${base}2`, prev: null, next: `${base}2` });
    expect(Object.entries(first.meta)).toEqual([
      ["current_page", 1],
      ["from", 1],
      ["last_page", 2],
      ["per_page", 15],
      ["to", 15],
      ["total", 17],
    ]);
    const second = await page("?page=2");
    expect(second.data.map((one: { id: string }) => one.id)).toEqual(ids.slice(15));
    expect(second.links).toMatchObject({ prev: `${base}1`, next: null });
    expect(second.meta).toMatchObject({ current_page: 2, from: 16, to: 17 });

    const beyond = await page("?page=9");
    expect(beyond.data).toEqual([]);
    expect(beyond.meta).toMatchObject({ current_page: 9, from: null, to: null, total: 17 });
    for (const nonsense of ["0", "-1", "x", "1.5", "99999999999999999999", "", "1&page=2"]) {
      const answer = await journey.call("GET", `/api/v1/testimonies?page=${nonsense}`, { token: client.token });
      expect([answer.status, Object.keys(answer.body.errors)]).toEqual([422, ["page"]]);
    }
  });

  it("show experts what waits in their regions", async () => {
    const client = await journey.registerClient();
    const expert = await journey.registerExpert(["tn", "tt"]);
    const wanted = await Promise.all(["tn", "tt", null].map((region) => journey.createTestimony(client, region)));
    await journey.createTestimony(client, "po");
    const offerable = async () =>
      (await journey.must(200, "GET", "/testimonies/offerable", { token: expert.token })).body.data.map(
        (one: { id: string }) => one.id,
      );
    expect(await offerable()).toEqual(expect.arrayContaining(wanted));
    await journey.createOffer(expert, wanted[0] ?? "", 50);
    expect(await offerable()).not.toContain(wanted[0]);
  });

  it("show experts what they were assigned to, and tell them", async () => {
    const session = await journey.paidOffer({ onboarded: false });
    const mine = async () =>
      (await journey.must(200, "GET", "/testimonies", { token: session.expert.token })).body.data;
    await journey.accept(session);
    expect(await mine()).toMatchObject([{ id: session.testimonyId, state: "accepted" }]);
    const { body } = await journey.must(200, "GET", "/me/notifications", { token: session.expert.token });
    expect(body).toMatchObject({
      data: [{ type: "offer.accepted", data: { testimonyId: session.testimonyId, offerId: session.offerId } }],
      meta: { next_cursor: null },
    });
    await journey.must(204, "POST", `/testimonies/${session.testimonyId}/complete`, { token: session.expert.token });
    expect(await mine()).toMatchObject([{ state: "completed" }]);
  });
});
