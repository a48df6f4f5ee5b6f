import { beforeEach, expect, it } from "vitest";
import {
  AnswerLost,
  createPayments,
  isRefusal,
  type PaymentsOptions,
  Refusal,
} from "../../dist/assets/client/payments";
import { checkedSend, journey } from "../http/checked";
import { Shop, type Transaction } from "../shop";

/** What happens to a request: it is answered, its answer is lost after the Worker did it, or another answers instead. */
type Fate = "answered" | "answer dropped" | "request dropped" | Response;

interface Sent {
  path: string;
  key: string | null;
}

let shop: Shop;
let paid: Transaction;
let sent: Sent[];

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
  paid = await shop.paid();
  sent = [];
});

/** Returns the shopper's client, whose first requests meet these fates, and all others are answered. */
function fated(fates: readonly Fate[], changes: Partial<PaymentsOptions> = {}) {
  const { token: developerToken, appId, userId } = paid.shopper;
  const left = [...fates];
  return createPayments({
    baseUrl: "http://localhost:8787/",
    developerToken,
    appId,
    userId,
    fetch: async (request) => {
      sent.push({ path: new URL(request.url).pathname, key: request.headers.get("Idempotency-Key") });
      const fate = left.shift() ?? "answered";
      if (fate instanceof Response) return fate;
      if (fate === "request dropped") throw new TypeError("connection refused");
      const answer = await checkedSend(request);
      if (fate === "answer dropped") throw new TypeError("connection reset");
      return answer;
    },
    ...changes,
  });
}

function refunded(): { body: { order_id: string; account_id: string; amount: number } } {
  return { body: { order_id: paid.orderId, account_id: paid.accountId, amount: 400 } };
}

/** Returns the amounts of the refunds that Stripe has made. */
async function atStripe(): Promise<number[]> {
  const { data } = await journey.stripe(`/refunds?payment_intent=${paid.transactionId}`, paid.accountId);
  return data.map(({ amount }: { amount: number }) => amount);
}

/** An answer of the payments contract itself, as it is given under load. */
function turnedAway(status: number, headers: Record<string, string> = {}): Response {
  const body = { detail: "busy", error: "busy", meta: {}, details: { message: "busy" }, code: "busy", requestId: "x" };
  return Response.json(body, { status, headers });
}

it("a dropped answer is asked for again under its key, and the refund happens once", async () => {
  const { data } = await fated(["answer dropped", "answer dropped"]).refundPayment(refunded());
  expect(data.amount).toBe("400");
  expect(sent).toHaveLength(3);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
  expect(await atStripe()).toEqual([400]);
});

it("two calls have two keys, and the caller's own key is kept", async () => {
  const client = fated([]);
  await client.refundPayment(refunded());
  await client.refundPayment(refunded());
  await client.refundPayment({ ...refunded(), idempotencyKey: sent[0]?.key ?? "" });
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
  expect(sent[2]?.key).toBe(sent[0]?.key);
  expect(await atStripe()).toEqual([400, 400]);
});

it("what is turned away for now is asked again after Retry-After", async () => {
  const fates = [turnedAway(429, { "Retry-After": "1" }), turnedAway(503), turnedAway(409, { "Retry-After": "0" })];
  const startedAtMs = Date.now();
  await fated([...fates, new Response("<h1>Bad gateway</h1>", { status: 502 })]).refundPayment(refunded());
  expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(1000);
  expect([sent.length, new Set(sent.map(({ key }) => key)).size]).toEqual([5, 1]);
  expect(await atStripe()).toEqual([400]);
});

it("no refusal that would be given again is asked for again", async () => {
  for (const status of [400, 401, 402, 404, 409, 413, 415, 422, 500]) {
    sent = [];
    const thrown = await fated([turnedAway(status)])
      .refundPayment(refunded())
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(status === 402 ? AnswerLost : Refusal);
    expect([status, sent.length]).toEqual([status, 1]);
  }
  expect(await atStripe()).toEqual([]);
});

it("a POST without a key is not asked again when it may have happened", async () => {
  const body = { account_id: paid.accountId };
  for (const fate of ["request dropped", turnedAway(503), turnedAway(409, { "Retry-After": "0" })] as const) {
    sent = [];
    await expect(fated([fate]).createLoginLink({ body })).rejects.toThrow("createLoginLink");
    expect(sent).toEqual([{ path: "/api/v1/connected-accounts/login", key: null }]);
  }
  sent = [];
  await fated([turnedAway(429)]).createLoginLink({ body });
  expect(sent).toHaveLength(2);
});

it("patience ends: the failure tells the key, under which the caller may go on", async () => {
  const dead = Array<Fate>(20).fill("request dropped");
  const thrown = await fated(dead, { patienceMs: 1500 })
    .refundPayment(refunded())
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(AnswerLost);
  expect(sent.length).toBeGreaterThan(1);
  expect((thrown as AnswerLost).idempotencyKey).toBe(sent[0]?.key);
  const startedAtMs = Date.now();
  const limited = fated([turnedAway(429, { "Retry-After": "3600" })]);
  await expect(limited.refundPayment(refunded())).rejects.toMatchObject({ status: 429, retryAfterSeconds: 3600 });
  expect(Date.now() - startedAtMs).toBeLessThan(5000);
});

it("silence counts as a lost answer, and the caller's signal ends the call", async () => {
  const silent = (request: Request) =>
    new Promise<Response>((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason)));
  const waiting = fated([], { fetch: silent, timeoutMs: 50, patienceMs: 0 });
  await expect(waiting.viewPayment({ path: { id: paid.transactionId } })).rejects.toBeInstanceOf(AnswerLost);
  const stopped = new AbortController();
  const call = fated([], { fetch: silent }).viewPayment({ path: { id: paid.transactionId } }, stopped);
  stopped.abort(new Error("the page was left"));
  await expect(call).rejects.toThrow("the page was left");
});

it("an error is caught by its member of the operation's union", async () => {
  const fresh = await shop.started();
  const body = { transaction_id: fresh.transactionId, account_id: fresh.accountId };
  paid = fresh;
  const declined = { ...body, payment_method_id: "pm_card_chargeDeclinedInsufficientFunds" };
  const thrown = await fated([])
    .confirmPayment({ body: declined })
    .catch((error: unknown) => error);
  if (!isRefusal(thrown, "confirmPayment") || thrown.status !== 402) throw thrown;
  expect([thrown.code, thrown.body.decline_code]).toEqual(["card_declined", "insufficient_funds"]);
  expect(thrown.body.detail).toContain("insufficient funds"); // this member has no `details`
  expect(isRefusal(thrown, "capturePayment")).toBe(false);
  const missing = await fated([])
    .viewPayment({ path: { id: "pi_unknown" } })
    .catch((error: unknown) => error);
  if (!isRefusal(missing, "viewPayment") || missing.status !== 404) throw missing;
  expect([missing.code, missing.body.details.message]).toEqual(["payment_unknown", "Transaction not found"]);
});

it("a part of a path cannot lead to another path", async () => {
  const client = fated([]);
  for (const id of ["", ".", ".."])
    await expect(client.viewPayment({ path: { id } })).rejects.toThrow("path.id must not be");
  await expect(client.viewPayment({ path: { id: "../apps" } })).rejects.toMatchObject({ status: 404 });
  expect(sent.map(({ path }) => path)).toEqual(["/api/v1/transactions/..%2Fapps"]);
});
