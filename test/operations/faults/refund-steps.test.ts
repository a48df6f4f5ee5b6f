import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { expectBooks } from "../books";
import { acceptedOffer, atStripe, refund, undone } from "../offers/accepted-offer";
import { owedByExperts } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

describe("each step of an operator's refund, broken", () => {
  const kinds = ["timeout_before", "500", "500_stored", "429", "reset", "timeout_after", "500_after", "truncated"];

  it.each(kinds)("the reversal: %s", async (kind) => {
    const session = await acceptedOffer(journey);
    await journey.fault("POST /v1/transfers/*/reversals", kind, 3);
    expect((await refund(journey, session)).status).toBe(204);
    await converge();
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    expect(await owedByExperts()).toBe(0);
    await expectBooks(journey, undone);
  });

  it.each(kinds)("the refund: %s", async (kind) => {
    const session = await acceptedOffer(journey);
    await journey.fault("POST /v1/refunds", kind, 3);
    expect((await refund(journey, session)).status).toBe(204);
    await converge();
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    await expectBooks(journey, undone);
  });

  it("both, for more than a day: Stripe has forgotten the keys and is asked first", async () => {
    const session = await acceptedOffer(journey);
    await journey.fault("POST /v1/transfers/*/reversals", "timeout_after", 2);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(0);
    await journey.advance(25 * 60 * 60);
    await converge();
    expect(await atStripe(journey, session)).toEqual({
      refunds: [[12_100, "succeeded"]],
      transfers: [[10_000, 10_000]],
    });
    await expectBooks(journey, undone);
  });

  async function converge(): Promise<void> {
    for (const seconds of [1, 10, 60, 300]) await journey.advance(seconds);
    const { body } = await journey.control("GET", "faults");
    expect(body.faults[0].fired).toBeGreaterThan(0);
  }
});
