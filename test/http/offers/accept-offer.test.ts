import { expect, it } from "vitest";
import { callRaw, journey } from "../checked";

const path = "/api/v1/testimonies/offers/accept";
const text = "Invalid session ID or payment not completed.";

/** The documented body, member by member and in order; only the code differs between the causes. */
const documented = (code: string, requestId: string) =>
  `{"type":"http://localhost:8787/errors/${code}","title":"Unprocessable Content","status":422,"detail":"${text}","errors":{"sessionId":["${text}"]},"code":"${code}","requestId":"${requestId}"}`;

async function refusedWith(token: string, body: string): Promise<string> {
  const answer = await callRaw("POST", path, { token, body, headers: { "Request-Id": "request-0001" } });
  expect(answer.status).toBe(422);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.text).toBe(documented(answer.body.code, "request-0001"));
  return answer.body.code;
}

it("shows one body for every session that is none", async () => {
  const client = await journey.registerClient();
  const none = [
    "",
    "{}",
    "{",
    "[]",
    '{"sessionId":null}',
    '{"sessionId":""}',
    '{"sessionId":7}',
    '{"sessionId":["cs_test_a"]}',
    '{"sessionId":"cs_test_unknown"}',
    `{"sessionId":"${"c".repeat(5_000)}"}`,
  ];
  for (const body of none) await refusedWith(client.token, body);
});

it("answers 401 without a session, with code and request id", async () => {
  const answer = await callRaw("POST", path, { body: "{}", headers: { "Request-Id": "request-0001" } });
  expect(answer.status).toBe(401);
  expect(answer.text).toBe('{"message":"Unauthenticated.","code":"unauthenticated","requestId":"request-0001"}');
});

it("accepts a paid session, and again, and changes nothing then", async () => {
  const session = await journey.paidOffer({ onboarded: false });
  const first = await journey.accept(session);
  expect([first.status, first.body]).toEqual([204, ""]);
  expect((await journey.accept(session)).status).toBe(204);
  const { body } = await journey.must(200, "GET", `/testimonies/${session.testimonyId}`, {
    token: session.client.token,
  });
  expect(body.data).toMatchObject({
    state: "accepted",
    price: 149.5,
    acceptedOffer: { id: session.offerId, price: 149.5, commission: 31.4, state: "accepted" },
    expert: { role: "expert", email: session.expert.email },
  });
});

it("refuses a session that is not paid, one of somebody else, and one whose testimony is gone", async () => {
  const open = await journey.checkout(await journey.offerOnTable({ onboarded: false }));
  const body = JSON.stringify({ sessionId: open.sessionId });
  expect(await refusedWith(open.client.token, body)).toBe("payment_incomplete");

  // Another client must not learn that the session exists (src/guides/decisions.md#other-tenants).
  const stranger = await journey.registerClient();
  expect(await refusedWith(stranger.token, body)).toBe("session_unknown");
  expect(await refusedWith(open.expert.token, body)).toBe("session_unknown");

  await journey.pay(open);
  await journey.control("POST", "events", { mode: "hold" });
  const late = await journey.paidOffer({ onboarded: false });
  await journey.must(204, "POST", `/testimonies/${late.testimonyId}/cancel`, { token: late.client.token });
  await refusedWith(late.client.token, JSON.stringify({ sessionId: late.sessionId }));
  await journey.control("POST", "events", { mode: "deliver" });
});

it("shows the documented 500 when Stripe does not answer", async () => {
  await journey.control("POST", "events", { mode: "hold" });
  const session = await journey.paidOffer({ onboarded: false });
  await journey.fault("GET /v1/checkout/sessions/*", "500", 5);
  const answer = await callRaw("POST", path, {
    token: session.client.token,
    body: JSON.stringify({ sessionId: session.sessionId }),
    headers: { "Request-Id": "request-0001" },
  });
  await journey.control("DELETE", "faults");
  await journey.control("POST", "events", { mode: "deliver" });
  expect(answer.text).toBe(
    '{"type":"http://localhost:8787/errors/stripe_unavailable","title":"Internal Server Error","status":500,"detail":"An unexpected error occurred.","code":"stripe_unavailable","requestId":"request-0001"}',
  );
  expect((await journey.accept(session)).status).toBe(204);
});
