import { beforeEach, describe, expect, it } from "vitest";
import { acceptedOffer } from "../operations/offers/accepted-offer";
import { rows } from "../operations/rows";
import { Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";
import { journey } from "./checked";

beforeEach(() => journey.reset());

interface Why {
  about: { kind: string; id: string };
  code: string;
  next: { code: string; at: string | null } | null;
  call: { who: string; operationId: string; method: string; path: string } | null;
}

async function ofTestimony(testimonyId: string, token: string): Promise<Why[]> {
  const { body } = await journey.must(200, "GET", `/testimonies/${testimonyId}/explanation`, { token });
  return body.data.explanations;
}

const codes = (list: readonly Why[]) => list.map(({ code }) => code);

describe("a testimony", () => {
  it("is explained to each side by its own causes, and to the operator by all", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.advance(10); // the payout is held, because the expert has no account
    const { testimonyId, client, expert } = session;
    expect(codes(await ofTestimony(testimonyId, client.token))).toEqual(["testimony_accepted"]);
    const ofExpert = await ofTestimony(testimonyId, expert.token);
    expect(codes(ofExpert)).toEqual(["testimony_accepted", "payout_held_account_missing"]);
    const ofOperator: Why[] = (await journey.operator("GET", `/testimonies/${testimonyId}`)).body.data.explanations;
    expect(codes(ofOperator)).toEqual(codes(ofExpert));
    expect(ofOperator[1]?.next?.at).not.toBeNull();
  });

  it("tells nothing of it to strangers", async () => {
    const { testimonyId } = await acceptedOffer(journey, { onboarded: false });
    const path = `/api/v1/testimonies/${testimonyId}/explanation`;
    const stranger = await journey.registerClient();
    expect((await journey.call("GET", path, { token: stranger.token })).status).toBe(403);
    const unknown = path.replace(testimonyId, "01a1f91e-f699-84f8-8dd3-bd4d5efaa050");
    expect((await journey.call("GET", unknown, { token: stranger.token })).status).toBe(404);
  });

  it("names calls that work as they are printed", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    const [offered] = await ofTestimony(offer.testimonyId, offer.client.token);
    expect(offered).toMatchObject({ code: "testimony_offered", call: { operationId: "start-checkout" } });
    expect(offered?.call?.path).toBe(`/api/v1/testimonies/offers/${offer.offerId}/checkout`);
    expect((await journey.startCheckout(offer)).status).toBe(200);

    const testimonyId = await journey.createTestimony(offer.client);
    const [pending] = await ofTestimony(testimonyId, offer.client.token);
    const cancelled = await journey.call("POST", pending?.call?.path ?? "", {
      token: offer.client.token,
      body: { cancellationReason: "Sold." },
    });
    expect(cancelled.status).toBe(204);
    expect(await ofTestimony(testimonyId, offer.client.token)).toEqual([]);

    const accepted = await acceptedOffer(journey, { onboarded: false });
    await journey.advance(10);
    const own = await ofTestimony(accepted.testimonyId, accepted.expert.token);
    for (const { call } of own) {
      const body = call?.operationId === "open-payout-account" ? { body: {} } : {};
      const answer = await journey.call(call?.method ?? "", call?.path ?? "", {
        token: accepted.expert.token,
        ...body,
      });
      expect([call?.operationId, answer.status]).toEqual([call?.operationId, expect.closeTo(202, -1)]);
    }
  });
});

describe("a transaction of the payments contract", () => {
  it("is explained to its own shopper only, with its refunds", async () => {
    const shop = await Shop.open(journey);
    const started = await shop.started({ capture_method: "manual" });
    const path = `/transactions/${started.transactionId}/explanation`;
    const ask = (by = started.shopper) => shop.ask(by, "GET", path);
    expect(codes((await ask()).body.data.explanations)).toEqual(["payment_requires_payment_method"]);
    await shop.confirm(started);
    const [held] = (await ask()).body.data.explanations;
    expect(held).toMatchObject({ code: "payment_requires_capture", next: { code: "lapses", at: expect.any(String) } });
    expect(held.call.path).toBe(`/api/v1/transactions/${started.transactionId}/capture`);
    expect((await shop.capture(started)).status).toBe(200);
    expect((await ask()).body.data.explanations).toEqual([]);

    const refund = (await shop.refund(started, { amount: 100 })).body.data.refund_id;
    await rows("update payment_refunds set state = 'pending' where id = ?", refund);
    expect(codes((await ask()).body.data.explanations)).toEqual(["payment_refund_pending"]);
    const ofRefund = (by = started.shopper) => shop.ask(by, "GET", `/refunds/${refund}/explanation`);
    expect(codes((await ofRefund()).body.data.explanations)).toEqual(["payment_refund_pending"]);
    const other = await shop.shopper();
    expect([(await ask(other)).status, (await ofRefund(other)).status]).toEqual([404, 404]);
  });
});

describe("a transfer", () => {
  it("is explained to each side with what that side can do", async () => {
    const transfers = new TransfersJourney(journey);
    const [alice, bob, eve] = [await transfers.tenant(), await transfers.tenant(), await transfers.tenant()];
    const { reference } = await transfers.initiated(alice, bob);
    const path = `/transactions/${reference}/explanation`;
    const [ofSender] = (await transfers.ask(alice, "GET", path)).body.data.explanations;
    const [ofReceiver] = (await transfers.ask(bob, "GET", path)).body.data.explanations;
    expect([ofSender.call.operationId, ofReceiver.call.operationId]).toEqual(["cancel-transfer", "accept-transfer"]);
    expect(ofReceiver.next).toMatchObject({ code: "expires", at: expect.any(String) });
    expect((await transfers.ask(eve, "GET", path)).status).toBe(404);
    const accepted = await transfers.ask(bob, "POST", ofReceiver.call.path.replace("/api/v1", ""), {});
    expect(accepted.status).toBe(200);
    expect((await transfers.ask(bob, "GET", path)).body.data.explanations).toEqual([]);
  });
});
