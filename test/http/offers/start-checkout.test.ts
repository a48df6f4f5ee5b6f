import { beforeAll, describe, expect, it } from "vitest";
import { checkoutBody, type OfferOnTable } from "../../journey";
import { callRaw, journey } from "../checked";

let offer: OfferOnTable;
beforeAll(async () => {
  offer = await journey.offerOnTable({ onboarded: false });
});

const errorsOf = async (changes: object) => {
  const answer = await journey.startCheckout(offer, changes);
  return { status: answer.status, message: answer.body.message, errors: answer.body.errors };
};

it("answers the address of the payment page and nothing else", async () => {
  const answer = await journey.startCheckout(offer);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ data: { url: expect.stringMatching(/^http.*\/cs_test_\w+$/) } });
});

it("answers the same page for the same input", async () => {
  const body = checkoutBody();
  const first = await journey.startCheckout(offer, body);
  const second = await journey.startCheckout(offer, body);
  expect(second.body).toEqual(first.body);
});

it("refuses the caller's own phone by the same rule", async () => {
  const own = await journey.offerOnTable({ onboarded: false });
  const { phone } = checkoutBody();
  await journey.must(200, "PUT", "/me", { token: own.client.token, body: { phone } });
  const answer = await journey.startCheckout(own, { phone });
  expect([answer.status, answer.body.code]).toEqual([422, "phone_taken"]);
});

it("keeps the phone off the profile", async () => {
  await journey.startCheckout(offer);
  const { body } = await journey.must(200, "GET", "/me", { token: offer.client.token });
  expect(body.data.phone).toBeNull();
});

describe("what is required", () => {
  it("names every missing input, counted", async () => {
    const path = `/api/v1/testimonies/offers/${offer.offerId}/checkout`;
    const { status, body } = await callRaw("POST", path, { token: offer.client.token });
    expect(status).toBe(422);
    expect(body.message).toBe("The phone field is required. (and 3 more errors)");
    expect(body.errors).toEqual({
      phone: ["The phone field is required."],
      firstName: ["The first name field is required."],
      lastName: ["The last name field is required."],
      billingAddress: ["The billing address field is required."],
    });
  });

  it("names inputs inside objects with dots", async () => {
    expect(await errorsOf({ billingAddress: {}, company: {}, shippingAddress: { line1: " " } })).toEqual({
      status: 422,
      message: "The billing address.line1 field is required. (and 9 more errors)",
      errors: {
        "billingAddress.line1": ["The billing address.line1 field is required."],
        "billingAddress.city": ["The billing address.city field is required."],
        "billingAddress.postalCode": ["The billing address.postal code field is required."],
        "billingAddress.country": ["The billing address.country field is required."],
        "shippingAddress.line1": ["The shipping address.line1 field is required."],
        "shippingAddress.city": ["The shipping address.city field is required."],
        "shippingAddress.postalCode": ["The shipping address.postal code field is required."],
        "shippingAddress.country": ["The shipping address.country field is required."],
        "company.businessId": ["The company.business id field is required."],
        "company.taxId": ["The company.tax id field is required."],
      },
    });
  });

  it("has no suffix for one error", async () => {
    expect(await errorsOf({ phone: "0901234567" })).toEqual({
      status: 422,
      message: "The phone field must be a valid number.",
      errors: { phone: ["The phone field must be a valid number."] },
    });
    expect(await errorsOf({ firstName: "x".repeat(256) })).toMatchObject({
      message: "The first name field must not be greater than 255 characters.",
    });
  });

  it("takes null for an optional object, and an empty optional line", async () => {
    const { billingAddress } = checkoutBody() as { billingAddress: object };
    const changes = { shippingAddress: null, company: null, billingAddress: { ...billingAddress, line2: "" } };
    expect((await journey.startCheckout(offer, changes)).status).toBe(200);
    const shippingAddress = { ...billingAddress, line2: "", firstName: "Eva", lastName: null };
    expect((await journey.startCheckout(offer, { shippingAddress })).status).toBe(200);
  });
});

describe("the order of checks", () => {
  it("is 401, 404, 403, 422, 409", async () => {
    const call = (offerId: string, token: string | undefined, body = "{}") =>
      callRaw("POST", `/api/v1/testimonies/offers/${offerId}/checkout`, { token, body });
    const stranger = await journey.registerClient();
    const unknown = "01890000-0000-8000-8000-000000000000";
    expect((await call(unknown, undefined)).status).toBe(401);
    expect((await call(unknown, offer.expert.token)).status).toBe(404);
    expect((await call(offer.offerId, offer.expert.token)).status).toBe(403);
    expect((await call(offer.offerId, stranger.token)).status).toBe(403);

    const cancelled = await journey.offerOnTable({ onboarded: false });
    await journey.must(204, "POST", `/testimonies/${cancelled.testimonyId}/cancel`, { token: cancelled.client.token });
    expect((await call(cancelled.offerId, cancelled.client.token)).status).toBe(422);
    const answer = await journey.startCheckout(cancelled);
    expect([answer.status, answer.body.code]).toEqual([409, "state_wrong"]);
  });
});
