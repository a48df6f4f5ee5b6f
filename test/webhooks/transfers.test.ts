import { env } from "cloudflare:workers";
import { compactDecrypt, decodeProtectedHeader } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeliveryDeps } from "../../src/container";
import { seal } from "../../src/crypto/seal";
import type { TransferWebhook } from "../../src/db/transfers/transfer";
import { findTransfer, type TransferView } from "../../src/db/transfers/transfers";
import { selectTransferWebhooks } from "../../src/db/transfers/webhook-records";
import type { DeliveryJob } from "../../src/domain/webhooks/delivery-job";
import { readEnvironment } from "../../src/env";
import { transferMessage } from "../../src/http/transfers/describe-messages";
import worker from "../../src/index";
import type { PerformDeps } from "../../src/operations/operations";
import { deliverTransfer } from "../../src/webhooks/deliver-transfer";
import { signTransfer } from "../../src/webhooks/sign-transfer";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import { production } from "../production";
import { accepted, attempted, initiated, makeTenant, must, type Tenant, wired } from "../tenant";
import { type Arrival, advanceTo, arrivals, arrived, boxUrl, tellBox, until } from "./owner";

const second = 1_000;
const minute = 60 * second;

let deps: PerformDeps;
let sender: Tenant;
let receiver: Tenant;

beforeEach(async () => {
  await journey.reset();
  deps = await wired();
  sender = await makeTenant(deps);
  receiver = await makeTenant(deps, { webhookUrl: boxUrl("receiver") });
});

/** Reads the record of one side from the database. */
async function recordOf({ reference }: TransferView, direction: Direction): Promise<TransferWebhook> {
  const [records] = await deps.db.batch([selectTransferWebhooks(deps.db, reference)]);
  const record = records.find((one) => one.direction === direction);
  if (!record) throw new Error(`nobody tells the ${direction}`);
  return record;
}

type Direction = TransferWebhook["direction"];

/** Waits until a side's record was attempted so often. */
function attempts(transfer: TransferView, direction: Direction, count: number): Promise<TransferWebhook> {
  return until(async () => {
    const record = await recordOf(transfer, direction);
    expect(record.attempts).toBe(count);
    return record;
  });
}

/** Moves the clock to the next attempt, and waits for it. */
async function nextAttempt(transfer: TransferView, direction: Direction): Promise<TransferWebhook> {
  const { dueAt, attempts: made } = await recordOf(transfer, direction);
  await advanceTo(dueAt ?? 0);
  return attempts(transfer, direction, made + 1);
}

/** Returns the verdicts of a box on its messages with these secrets. */
async function verdicts(box: string, secrets: string[]): Promise<string[]> {
  await journey.control("POST", "inbox", { box, secrets });
  return (await arrivals(box)).map(({ verdict }) => verdict);
}

function idsOf({ headers }: Arrival): (string | undefined)[] {
  return ["x-idaas-delivery", "x-idaas-event", "content-type", "content-encryption"].map((name) => headers[name]);
}

describe("the signature", () => {
  it("is that of the widely used v0 scheme, whose published example is this", async () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V" +
      "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" +
      "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
      "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const message = { recordId: "r", eventType: "TRANSACTION_INITIATED", timestampSeconds: 1_531_420_618, body };
    expect(await signTransfer(message, ["8f742231b10e8888abcd99yyyzzz85a5"])).toEqual({
      "X-IDaaS-Timestamp": "1531420618",
      "X-IDaaS-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
      "X-IDaaS-Event": "TRANSACTION_INITIATED",
      "X-IDaaS-Delivery": "r",
    });
  });

  it("is over UTF-8, with the bytes of the secret as it was shown", async () => {
    // Made with OpenSSL: printf 'v0:1767225600:{"narration":"Škola ₦"}' | openssl dgst -sha256 -hmac 'wsk_Zm9vYmFy='
    const message = { recordId: "r", eventType: "e", timestampSeconds: 1_767_225_600, body: '{"narration":"Škola ₦"}' };
    const { "X-IDaaS-Signature": signature } = await signTransfer(message, ["wsk_Zm9vYmFy="]);
    expect(signature).toBe("v0=1de952771f96cc935237bb99d24ef59d3e556ca48e1c46775319f6d6b589dba0");
  });
});

describe("the two notifications", () => {
  it("tell the receiver of the initiation and the sender of the end, independently of each other", async () => {
    const callbackUrl = boxUrl("sender");
    await tellBox("receiver", "fail");
    const terms = { amount: 15_000_000, callbackUrl, narration: "School fees" };
    const transfer = await initiated(deps, sender, receiver, terms);
    await attempts(transfer, "RECEIVER", 1);
    const completed = await accepted(deps, receiver, transfer);
    const [told] = await arrived("sender", 1);

    const { webhooks, callbackUrl: _, amount, state, ...shown } = completed;
    expect(told?.body).toContain('"amount":1500,');
    const iso = (ms: number | null) => new Date(ms ?? 0).toISOString();
    expect(JSON.parse(told?.body ?? "")).toStrictEqual({
      eventId: webhooks[1]?.id,
      eventType: "TRANSACTION_COMPLETED",
      direction: "SENDER",
      occurredAt: iso(shown.acceptedAt),
      transaction: {
        id: shown.id,
        reference: shown.reference,
        senderTag: shown.senderTag,
        senderAppName: shown.senderAppName,
        senderAppId: sender.id,
        receiverTag: shown.receiverTag,
        receiverAppName: shown.receiverAppName,
        receiverAppId: receiver.id,
        amount: 1500,
        currency: "NGN",
        status: "COMPLETED",
        narration: "School fees",
        expiresAt: iso(shown.expiresAt),
        acceptedAt: iso(shown.acceptedAt),
        createdAt: iso(shown.createdAt),
        updatedAt: iso(shown.updatedAt),
      },
    });
    expect(told && idsOf(told)).toEqual([webhooks[1]?.id, "TRANSACTION_COMPLETED", "application/json", undefined]);
    expect(await verdicts("sender", [sender.secret])).toEqual(["verified"]);
    expect(await verdicts("sender", [receiver.secret])).toEqual(["wrong"]);
    expect(await attempts(transfer, "SENDER", 1)).toMatchObject({ state: "DELIVERED", lastError: null, dueAt: null });
  });

  it("carry the reason of a rejection, and what expired", async () => {
    const callbackUrl = boxUrl("sender");
    const rejected = await initiated(deps, sender, receiver, { callbackUrl });
    const { reference } = rejected;
    const input = { applicationId: receiver.id, reference, reason: "Not ours" };
    await must(deps, { name: "reject-transfer", input });
    const [no] = await arrived("sender", 1);
    expect(JSON.parse(no?.body ?? "")).toMatchObject({
      eventType: "TRANSACTION_REJECTED",
      transaction: { reference, status: "REJECTED", rejectionReason: "Not ours" },
    });
    const expired = await initiated(deps, sender, receiver, { callbackUrl });
    await advanceTo(expired.expiresAt);
    const [, over] = await arrived("sender", 2);
    expect(JSON.parse(over?.body ?? "")).toMatchObject({
      eventType: "TRANSACTION_EXPIRED",
      transaction: { reference: expired.reference, status: "EXPIRED" },
    });
    expect(JSON.parse(over?.body ?? "").transaction).not.toHaveProperty("acceptedAt");
    for (const { body } of await arrivals("sender")) expect(transferMessage.parse(JSON.parse(body))).toBeTruthy();
  });

  it("of a cancellation are told to both, and the receiver hears of the initiation as it was", async () => {
    const quiet = { ...deps, enqueueDeliveries: async () => undefined };
    const asked = await initiated(quiet, sender, receiver, { callbackUrl: boxUrl("sender") });
    const { reference } = asked;
    const input = { applicationId: sender.id, reference };
    const cancelled = await must(quiet, { name: "cancel-transfer", input });
    const of = ({ direction, eventType }: TransferWebhook) => `${direction} ${eventType}`;
    expect(cancelled.webhooks.map(of).toSorted()).toEqual([
      "RECEIVER TRANSACTION_CANCELLED",
      "RECEIVER TRANSACTION_INITIATED",
      "SENDER TRANSACTION_CANCELLED",
    ]);
    expect(new Set(cancelled.webhooks.map(({ id }) => id)).size).toBe(3);
    const stored = (await findTransfer(deps.db, reference))?.webhooks;
    expect(stored?.toSorted(byId)).toEqual(cancelled.webhooks.toSorted(byId));
    await journey.advance(60);
    const told = (await arrived("receiver", 2)).map(({ body }) => transferMessage.parse(JSON.parse(body)));
    expect(told.map(({ eventType, transaction }) => [eventType, transaction.status]).toSorted()).toEqual([
      ["TRANSACTION_CANCELLED", "CANCELLED"],
      ["TRANSACTION_INITIATED", "AWAITING_ACCEPTANCE"],
    ]);
    const iso = (atMs: number | null) => new Date(atMs ?? 0).toISOString();
    const { eventType, direction, occurredAt, transaction } = JSON.parse((await arrived("sender", 1))[0]?.body ?? "");
    expect([eventType, direction, occurredAt]).toEqual(["TRANSACTION_CANCELLED", "SENDER", iso(cancelled.cancelledAt)]);
    expect(transaction).toMatchObject({ reference, status: "CANCELLED", cancelledAt: iso(cancelled.cancelledAt) });
    for (const [box, secret] of [
      ["receiver", receiver.secret],
      ["sender", sender.secret],
    ] as const) {
      expect(new Set(await verdicts(box, [secret]))).toEqual(new Set(["verified"]));
    }
  });

  it("of a cancellation that failed are told once more, each by its own id", async () => {
    await tellBox("receiver", "gone");
    const transfer = await initiated(deps, sender, receiver);
    await attempts(transfer, "RECEIVER", 1);
    const input = { applicationId: sender.id, reference: transfer.reference };
    const { webhooks } = await must(deps, { name: "cancel-transfer", input });
    const failed = () => rows("select event_type from transfer_webhooks where state = 'FAILED' order by created_at");
    await until(async () => expect(await failed()).toHaveLength(2));
    await tellBox("receiver", "ok");
    const again = { applicationId: receiver.id, id: webhooks[1]?.id ?? "" };
    expect(await must(deps, { name: "retry-transfer-webhook", input: again })).toMatchObject({
      eventType: "TRANSACTION_CANCELLED",
    });
    await until(async () => expect(await failed()).toEqual([{ event_type: "TRANSACTION_INITIATED" }]));
  });

  it("go nowhere where there is no address", async () => {
    const transfer = await initiated(deps, receiver, sender);
    expect(transfer.webhooks).toEqual([]);
    expect((await accepted(deps, sender, transfer)).webhooks).toEqual([]);
    expect(await rows("select * from transfer_webhooks")).toEqual([]);
  });

  it.each([
    [2, "0.0002"],
    [9_007_199_254_740_991, "900719925474.0991"],
    [9_007_199_254_740_990, "900719925474.099"],
  ])("print %d as %s, digit for digit", async (amount, printed) => {
    await initiated(deps, sender, receiver, { amount });
    const [told] = await arrived("receiver", 1);
    expect(told?.body).toContain(`"amount":${printed},`);
  });
});

describe("attempts", () => {
  it("are made at once, after 30 s, 2 min and 8 min, with the same body, and then the record has failed", async () => {
    await tellBox("receiver", "fail");
    const transfer = await initiated(deps, sender, receiver);
    await attempts(transfer, "RECEIVER", 1);
    await accepted(deps, receiver, transfer); // the message describes the state at the event
    for (const [made, delayMs] of [30 * second, 2 * minute, 8 * minute].entries()) {
      const { state, lastAttemptAt, dueAt, lastError } = await attempts(transfer, "RECEIVER", made + 1);
      expect({ state, lastError }).toEqual({ state: "PENDING", lastError: "HTTP 500" });
      const waitMs = (dueAt ?? 0) - (lastAttemptAt ?? 0);
      expect(waitMs).toBeGreaterThanOrEqual(delayMs * 0.8);
      expect(waitMs).toBeLessThanOrEqual(delayMs * 1.2);
      await nextAttempt(transfer, "RECEIVER");
    }
    const failed = await recordOf(transfer, "RECEIVER");
    expect(failed).toMatchObject({
      state: "FAILED",
      attempts: 4,
      dueAt: null,
      deliveredAt: null,
      lastError: "HTTP 500",
    });
    await journey.advance(60 * 60);
    const list = await arrivals("receiver");
    expect(new Set(list.map(({ body }) => body)).size).toBe(1);
    expect(list).toHaveLength(4);
    expect(JSON.parse(list[3]?.body ?? "")).toMatchObject({
      occurredAt: new Date(transfer.createdAt).toISOString(),
      transaction: { status: "AWAITING_ACCEPTANCE", updatedAt: new Date(transfer.createdAt).toISOString() },
    });
    expect(JSON.parse(list[3]?.body ?? "").transaction).not.toHaveProperty("acceptedAt");
    expect(await verdicts("receiver", [receiver.secret])).toEqual(Array.from({ length: 4 }, () => "verified"));
  });

  it.each([
    ["hang", "No answer in time"],
    ["redirect", "HTTP 302: redirects are not followed"],
    ["throttle", "HTTP 429"],
  ])("that end in %s are failures", async (mode, lastError) => {
    await tellBox("receiver", mode);
    const transfer = await initiated(deps, sender, receiver);
    expect(await attempts(transfer, "RECEIVER", 1)).toMatchObject({ state: "PENDING", lastError });
    await tellBox("receiver", "ok");
    const delivered = await nextAttempt(transfer, "RECEIVER");
    expect(delivered).toMatchObject({ state: "DELIVERED", attempts: 2, lastError, dueAt: null });
    expect(delivered.deliveredAt).toBe(delivered.lastAttemptAt);
    expect(await arrivals("redirected")).toEqual([]);
  });

  it("cost two round trips and a row", async () => {
    const transfer = await initiated({ ...deps, enqueueDeliveries: async () => undefined }, sender, receiver);
    const delivery = await buildDeliveryDeps(env, "test");
    await deliverTransfer(delivery, jobTo(receiver, transfer));
    expect(await recordOf(transfer, "RECEIVER")).toMatchObject({ state: "DELIVERED", attempts: 1 });
    expect(delivery.cost).toMatchObject({ roundTrips: 2, rowsWritten: 1 });
  });

  it("call no address that may not be called", async () => {
    const transfer = await initiated(deps, sender, receiver);
    await attempts(transfer, "RECEIVER", 1);
    for (const url of ["https://127.0.0.1/", "http://hooks.example.org/", "https://metadata.google.internal/"]) {
      await env.DB.prepare("update transfer_webhooks set target_url = ?, state = 'PENDING', due_at = 0")
        .bind(url)
        .run();
      const send = (() => expect.unreachable()) as unknown as typeof fetch;
      await deliverTransfer({ ...(await buildDeliveryDeps(production, "test")), send }, jobTo(receiver, transfer));
      expect((await recordOf(transfer, "RECEIVER")).lastError).toBe("The address may not be called");
    }
  });

  it("are not doubled by doubled messages, and not lost with lost ones", async () => {
    await tellBox("receiver", "fail");
    const transfer = await initiated(deps, sender, receiver);
    await attempts(transfer, "RECEIVER", 1);
    await tellBox("receiver", "ok");
    const job = jobTo(receiver, transfer);
    await consume(Array.from({ length: 20 }, () => job));
    await new Promise((done) => setTimeout(done, 300));
    expect(await arrivals("receiver")).toHaveLength(1);
    await journey.advance(40); // no message was sent: the sweep found the row
    await attempts(transfer, "RECEIVER", 2);
    await consume(Array.from({ length: 20 }, () => job));
    await new Promise((done) => setTimeout(done, 300));
    expect(await arrivals("receiver")).toHaveLength(2);
  });
});

function byId(one: TransferWebhook, other: TransferWebhook): number {
  return one.id.localeCompare(other.id);
}

function jobTo({ id }: Tenant, { reference }: TransferView): Extract<DeliveryJob, { kind: "transfer" }> {
  return {
    kind: "transfer",
    applicationId: id,
    reference,
    direction: "RECEIVER",
    eventType: "TRANSACTION_INITIATED",
  };
}

/** Passes messages to the consumer as the platform would. */
async function consume(bodies: readonly DeliveryJob[]): Promise<void> {
  const messages = bodies.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    body,
    attempts: 1,
    ack: () => undefined,
    retry: () => expect.unreachable(),
  }));
  const batch = { queue: "accord-deliveries", messages, ackAll: () => undefined, retryAll: () => undefined };
  await worker.queue(batch as unknown as MessageBatch, env);
}

describe("an application that encrypts", () => {
  it("gets the same body in a JWE for its key, signed as it is sent", async () => {
    const closed = await makeTenant(deps, { webhookUrl: boxUrl("closed"), encrypted: true });
    await tellBox("closed", "fail");
    const transfer = await initiated(deps, sender, closed, { amount: 9_007_199_254_740_991 });
    await attempts(transfer, "RECEIVER", 1);
    await nextAttempt(transfer, "RECEIVER");
    const list = await arrived("closed", 2);
    const [first, again] = await Promise.all(list.map(({ body }) => opened(body, closed)));
    expect(first).toBe(again);
    expect(first).toContain('"amount":900719925474.0991,');
    expect(JSON.parse(first ?? "")).toMatchObject({ eventType: "TRANSACTION_INITIATED" });
    const [one] = list;
    expect(one && idsOf(one).slice(2)).toEqual(["application/jose", "JWE"]);
    expect(decodeProtectedHeader(one?.body ?? "")).toEqual({
      alg: "ECDH-ES+A256KW",
      enc: "A256GCM",
      kid: `${closed.id}:1`,
      epk: expect.objectContaining({ kty: "EC", crv: "P-256" }),
    });
    await expect(opened(one?.body ?? "", receiver)).rejects.toThrow();
    expect(await verdicts("closed", [closed.secret])).toEqual(["verified", "verified"]);
  });

  async function opened(body: string, { privateJwk }: Tenant): Promise<string> {
    const { plaintext } = await compactDecrypt(body, privateJwk);
    return new TextDecoder().decode(plaintext);
  }
});

describe("a rotated secret", () => {
  it("signs every attempt from then on, retries included", async () => {
    await tellBox("receiver", "fail");
    const transfer = await initiated(deps, sender, receiver);
    await attempts(transfer, "RECEIVER", 1);
    const secret = "wsk_the-next-one";
    const sealed = await seal(readEnvironment(env).WEBHOOK_SEALING_KEYS, secret, receiver.id);
    const input = { id: receiver.id, secret: sealed, overlapMs: 0 };
    await must(deps, { name: "rotate-application-webhook-secret", input });
    await nextAttempt(transfer, "RECEIVER");
    expect(await verdicts("receiver", [receiver.secret])).toEqual(["verified", "wrong"]);
    expect(await verdicts("receiver", [secret])).toEqual(["wrong", "verified"]);
  });
});

describe("a failed record", () => {
  async function failed(): Promise<TransferWebhook> {
    await tellBox("receiver", "gone");
    const transfer = await initiated(deps, sender, receiver);
    const record = await attempts(transfer, "RECEIVER", 1);
    expect(record).toMatchObject({ state: "FAILED", lastError: "HTTP 410", dueAt: null });
    return record;
  }

  function retry({ id: applicationId }: Tenant, id: string) {
    return attempted(deps, { name: "retry-transfer-webhook", input: { applicationId, id } });
  }

  it("is sent once more when its application asks, with the same body", async () => {
    const record = await failed();
    await tellBox("receiver", "ok");
    const asked = await retry(receiver, record.id);
    expect(asked).toMatchObject({ ok: true, value: { id: record.id, state: "PENDING", attempts: 1 } });
    const transfer = { reference: record.reference } as TransferView;
    expect(await attempts(transfer, "RECEIVER", 2)).toMatchObject({ state: "DELIVERED", lastError: "HTTP 410" });
    const [first, second] = await arrived("receiver", 2);
    expect(second?.body).toBe(first?.body);
    expect(await retry(receiver, record.id)).toMatchObject({ ok: false, refusal: "webhook_not_failed" });
  });

  it("that is delivered meanwhile stays delivered, however many ask at the same time", async () => {
    const record = await failed();
    await tellBox("receiver", "ok");
    const transfer = { reference: record.reference } as TransferView;
    let isFirst = true;
    const batch: typeof deps.db.batch = async (statements) => {
      const found = await deps.db.batch(statements);
      if (!isFirst) return found;
      isFirst = false;
      expect(await retry(receiver, record.id)).toMatchObject({ ok: true });
      await attempts(transfer, "RECEIVER", 2);
      return found;
    };
    const late = { ...deps, db: Object.assign(Object.create(deps.db), { batch }) };
    const input = { applicationId: receiver.id, id: record.id };
    const asked = await attempted(late, { name: "retry-transfer-webhook", input });
    expect(asked).toMatchObject({ ok: false, refusal: "webhook_not_failed" });
    expect(await recordOf(transfer, "RECEIVER")).toMatchObject({ state: "DELIVERED", dueAt: null });
  });

  it("is found by its id for its own application alone, on either side", async () => {
    const record = await failed();
    for (const [tenant, id] of [
      [sender, record.id],
      [receiver, record.transferId],
      [receiver, deps.newId()],
      [receiver, "nonsense"],
    ] as const) {
      expect(await retry(tenant, id)).toMatchObject({ ok: false, refusal: "webhook_unknown" });
    }
    await tellBox("sender", "gone");
    const transfer = await initiated(deps, sender, receiver, { callbackUrl: boxUrl("sender") });
    await accepted(deps, receiver, transfer);
    const { id } = await attempts(transfer, "SENDER", 1);
    expect(await retry(receiver, id)).toMatchObject({ ok: false, refusal: "webhook_unknown" });
    expect(await retry(sender, id)).toMatchObject({ ok: true, value: { direction: "SENDER" } });
  });
});
