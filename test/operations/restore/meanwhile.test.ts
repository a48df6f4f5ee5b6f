import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeliveryDeps } from "../../../src/container";
import { deliver } from "../../../src/webhooks/deliver";
import { journey } from "../../http/checked";
import { type Answer, newClient } from "../../journey";
import { Shop } from "../../shop";
import { TransfersJourney } from "../../transfers-journey";
import { attempted, makeEndpoint, newestAttempted, tellBox, tellSomething, viewDelivery } from "../../webhooks/owner";
import { expectProof } from "../books";
import { quickly } from "../faults/quickly";
import { payoutOf } from "../rows";
import { markRestored, recover, takeSnapshot } from "./put-back";

beforeEach(async () => {
  quickly();
  await journey.reset();
});

const operator = { token: "admin_sandbox" };

async function mark(): Promise<void> {
  await markRestored(journey, await takeSnapshot(journey));
}

/** Returns the answer to a change: the status, the time to ask again, and the words. */
function waits({ status, headers, body }: Answer) {
  return [status, headers.get("Retry-After"), body.code ?? body.errorCode];
}

describe("while the lost time is searched", () => {
  it("changes wait in the words of each contract, and reads go on", async () => {
    const offer = await journey.offerOnTable();
    const shop = await Shop.open(journey);
    const paid = await shop.paid();
    const transfers = new TransfersJourney(journey);
    const tenants = [await transfers.tenant(), await transfers.tenant()] as const;
    await mark();
    expect(waits(await journey.startCheckout(offer))).toEqual([503, "60", "unavailable"]);
    expect(waits(await shop.refund(paid, { amount: 100 }))).toEqual([503, "60", "unavailable"]);
    expect(waits(await transfers.initiate(...tenants))).toEqual([503, "60", "SERVICE_UNAVAILABLE"]);
    const registered = await journey.call("POST", "/api/v1/auth/register/client", { body: newClient() });
    expect(waits(registered)).toEqual([503, "60", "unavailable"]);
    const named = { name: "Corner Shop", email: "dev@example.com" };
    expect(waits(await journey.operator("POST", "/developers", named))).toEqual([503, "60", "unavailable"]);

    expect(await journey.state(offer)).toBe("offered");
    expect((await shop.view(paid)).status).toBe(200);
    expect((await transfers.ask({ token: await transfers.token(tenants[0]) }, "GET", "/wallets")).status).toBe(200);
    await recover(journey);
    expect((await journey.startCheckout(offer)).status).toBe(200);
    expect((await shop.refund(paid, { amount: 100 })).status).toBe(200);
    await expectProof(journey);
  });

  it("the clock finishes nothing, and does afterwards what was due", async () => {
    const session = await journey.checkout(await journey.offerOnTable());
    await journey.events("drop");
    await journey.pay(session);
    await mark();
    await journey.advance(2 * 60 * 60);
    expect(await journey.state(session)).toBe("offered");
    await journey.must(204, "POST", "/admin/restore/end", operator);
    await journey.advance(60);
    expect(await journey.state(session)).toBe("accepted");
    expect((await payoutOf(session)).state).toBe("paid");
  });

  it("nobody is told anything, and what was to be told is told afterwards", async () => {
    const endpoint = await makeEndpoint("restore", { events: ["testimony.cancelled"] });
    await tellBox("restore", "fail");
    await tellSomething(await journey.registerClient());
    const { id, eventId } = await newestAttempted(endpoint);
    await tellBox("restore", "ok");
    await mark();
    await journey.advance(24 * 60 * 60);
    const job = { kind: "event", endpointId: endpoint.id, eventId } as const;
    await deliver(await buildDeliveryDeps(env, "test"), job); // as an object does that was handed it before
    expect((await viewDelivery(id)).attempts).toBe(1);
    await journey.must(204, "POST", "/admin/restore/end", operator);
    await journey.advance(60);
    expect((await attempted(id, 2)).state).toBe("delivered");
  });
});

describe("a mark", () => {
  const restoredTo = async () => (await journey.must(200, "GET", "/admin/restore", operator)).body.data.restored_to;
  const put = (at: string) => journey.call("POST", "/api/v1/admin/restore", { ...operator, body: { restored_to: at } });

  it("is no moment to come", async () => {
    const answer = await put("2100-01-01T00:00:00.000Z");
    expect([answer.status, answer.body.code]).toEqual([409, "state_wrong"]);
    const before = await put("0001-01-01T00:00:00Z");
    expect([before.status, before.body.errors]).toEqual([422, { restored_to: ["must be 2026-01-01 or later"] }]);
  });

  it("made again before the search has ended keeps the earlier moment", async () => {
    const [earlier, later] = ["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"];
    await put(earlier);
    await put(later);
    expect(await restoredTo()).toBe(earlier);
    await journey.must(204, "POST", "/admin/restore/end", operator);
    await put(later);
    expect(await restoredTo()).toBe(later);
  });

  it("must be there before anything is searched", async () => {
    const answer = await journey.call("POST", "/api/v1/admin/restore/recover", { ...operator, body: {} });
    expect([answer.status, answer.body.code]).toEqual([409, "state_wrong"]);
  });
});
