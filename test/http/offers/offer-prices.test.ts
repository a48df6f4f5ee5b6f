import { describe, expect, it } from "vitest";
import { journey } from "../checked";

const offer = async (price: number) => {
  const testimonyId = await journey.createTestimony(await journey.registerClient());
  const { token } = await journey.registerExpert();
  const body = { price, deliveryDays: 7 };
  return journey.call("POST", `/api/v1/testimonies/${testimonyId}/offers`, { token, body });
};

describe("a price with its commission", () => {
  it.each([826_446.28, 900_000, 1_000_000])("of %d is more than Stripe charges, and refused at once", async (price) => {
    const { status, body } = await offer(price);
    const message = "The price field must not be greater than 826446.27.";
    expect([status, body]).toMatchObject([422, { message, errors: { price: [message] }, code: "price_refused" }]);
  });

  it.each([1, 826_446.27])("of %d can be offered and paid", async (price) => {
    const session = await journey.paidOffer({ price });
    expect((await journey.accept(session)).status).toBe(204);
    expect((await journey.ledgerCheck()).ok).toBe(true);
  });
});
