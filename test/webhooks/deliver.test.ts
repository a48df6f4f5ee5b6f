import { exports } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { Journey } from "../journey";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(async () => {
  await journey.reset();
});

it("tells an endpoint that an offer was accepted, signed, in order and without gaps", async () => {
  const body = { url: "http://localhost:8787/sandbox/inbox/main", events: ["*"] };
  const made = await journey.must(201, "POST", "/webhook-endpoints", { token: "admin_sandbox", body });
  expect(made.body.data.secret).toMatch(/^whsec_/);
  const paid = await journey.paidOffer();
  expect((await journey.accept(paid)).status).toBe(204);
  const received = await vi.waitFor(async () => {
    const { body: inbox } = await journey.control("GET", "inbox?box=main");
    const types = inbox.received.map((one: { body: string }) => JSON.parse(one.body).type);
    expect(types).toContain("payout.paid");
    expect(types).toContain("offer.accepted");
    return inbox.received;
  }, 5_000);
  expect(await journey.ledgerCheck()).toMatchObject({ ok: true });
});
