import { env } from "cloudflare:workers";
import { compactDecrypt, decodeProtectedHeader } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeliveryDeps } from "../../src/container";
import { newKeyPair } from "../../src/crypto/jwe";
import { seal } from "../../src/crypto/seal";
import type { TransferWebhook } from "../../src/db/transfers/transfer";
import type { TransferView } from "../../src/db/transfers/transfers";
import { selectTransferWebhooks } from "../../src/db/transfers/webhook-records";
import type { TransferDeliveryJob } from "../../src/domain/webhooks/delivery-job";
import { readEnvironment } from "../../src/env";
import type { PerformDeps } from "../../src/operations/operations";
import { deliver } from "../../src/webhooks/deliver";
import { journey } from "../http/checked";
import { accepted, attempted, initiated, makeTenant, must, type Tenant, wired } from "../tenant";
import { beginAttempt } from "./held";
import { arrivals, arrived, boxUrl, tellBox } from "./owner";

let deps: PerformDeps;
/** The same deps, whose commands enqueue no delivery jobs. */
let quiet: PerformDeps;
let sender: Tenant;
let receiver: Tenant;

beforeEach(async () => {
  await journey.reset();
  deps = await wired();
  quiet = { ...deps, enqueueDeliveries: async () => undefined };
  sender = await makeTenant(deps);
  receiver = await makeTenant(deps, { webhookUrl: boxUrl("old") });
});

function jobTo(
  { id: applicationId }: Tenant,
  { reference }: TransferView,
  direction: TransferDeliveryJob["direction"] = "RECEIVER",
): TransferDeliveryJob {
  const eventType = direction === "RECEIVER" ? "TRANSACTION_INITIATED" : "TRANSACTION_COMPLETED";
  return { kind: "transfer", applicationId, reference, direction, eventType };
}

async function recordOf({ reference, direction }: TransferDeliveryJob): Promise<TransferWebhook> {
  const [records] = await deps.db.batch([selectTransferWebhooks(deps.db, reference)]);
  const record = records.find((one) => one.direction === direction);
  if (!record) throw new Error(`nobody tells the ${direction}`);
  return record;
}

async function change({ id }: Tenant, changes: object): Promise<void> {
  await must(deps, { name: "update-application", input: { id, changes } });
}

/** Makes the next attempt at once, whenever it is planned. */
async function attemptNow(job: TransferDeliveryJob): Promise<TransferWebhook> {
  await env.DB.prepare("update transfer_webhooks set due_at = 0 where due_at is not null").run();
  await deliver(await buildDeliveryDeps(env, "test"), job);
  return recordOf(job);
}

/** Returns the verdicts on the messages of a box with a secret. */
async function verdicts(box: string, secret: string): Promise<string[]> {
  await journey.control("POST", "inbox", { box, secrets: [secret] });
  return (await arrivals(box)).map(({ verdict }) => verdict);
}

describe("an attempt that ends after the record has changed", () => {
  it.each([410, 500])("leaves standing a retry that was asked for meanwhile (%i)", async (status) => {
    const job = jobTo(receiver, await initiated(quiet, sender, receiver));
    const late = await beginAttempt(job);
    const early = await beginAttempt(job); // as after an eviction
    await early.end(410);
    const failed = await recordOf(job);
    expect(failed).toMatchObject({ state: "FAILED", attempts: 1 });
    const input = { applicationId: receiver.id, id: failed.id };
    const { dueAt } = await must(quiet, { name: "retry-transfer-webhook", input });
    await late.end(status);
    const lastError = `HTTP ${status}`;
    expect(await recordOf(job)).toMatchObject({ state: "PENDING", attempts: 2, dueAt, lastError });
    expect(await attemptNow(job)).toMatchObject({ state: "DELIVERED", attempts: 3 });
    expect(await arrivals("old")).toHaveLength(1);
  });

  it("does not undo what a later one brought", async () => {
    const job = jobTo(receiver, await initiated(quiet, sender, receiver));
    const late = await beginAttempt(job);
    const early = await beginAttempt(job);
    await early.end(200);
    const { deliveredAt } = await recordOf(job);
    await late.end(503);
    expect(await recordOf(job)).toMatchObject({ state: "DELIVERED", attempts: 2, dueAt: null, deliveredAt });
  });

  it("is the last one needed when it delivers, though a retry was asked for", async () => {
    const job = jobTo(receiver, await initiated(quiet, sender, receiver));
    const late = await beginAttempt(job);
    await (await beginAttempt(job)).end(410);
    const { id } = await recordOf(job);
    await must(quiet, { name: "retry-transfer-webhook", input: { applicationId: receiver.id, id } });
    await late.end(200);
    expect(await recordOf(job)).toMatchObject({ state: "DELIVERED", attempts: 2, dueAt: null });
  });

  it("says the state at the event, and the same again, though the transfer was accepted meanwhile", async () => {
    await tellBox("old", "hold");
    const transfer = await initiated(deps, sender, receiver);
    const job = jobTo(receiver, transfer);
    await arrived("old", 1);
    await accepted(deps, receiver, transfer);
    await tellBox("old", "fail");
    await expect.poll(async () => (await recordOf(job)).attempts).toBe(1);
    await tellBox("old", "ok");
    expect(await attemptNow(job)).toMatchObject({ state: "DELIVERED", attempts: 2 });
    const [first, second] = await arrivals("old");
    expect(JSON.parse(first?.body ?? "").transaction.status).toBe("AWAITING_ACCEPTANCE");
    expect(second?.body).toBe(first?.body);
  });
});

describe("what is pending while its application changes", () => {
  it("goes to the present address, with the present secret", async () => {
    const job = jobTo(receiver, await initiated(quiet, sender, receiver));
    await tellBox("old", "fail");
    expect(await attemptNow(job)).toMatchObject({ state: "PENDING", targetUrl: boxUrl("old") });
    await change(receiver, { transactionWebhookUrl: boxUrl("new") });
    const secret = "wsk_the-next-one";
    const sealed = await seal(readEnvironment(env).WEBHOOK_SEALING_KEYS, secret, receiver.id);
    const input = { id: receiver.id, secret: sealed, overlapMs: 0 };
    await must(deps, { name: "rotate-application-webhook-secret", input });
    expect(await attemptNow(job)).toMatchObject({ state: "DELIVERED", attempts: 2, targetUrl: boxUrl("new") });
    expect(await verdicts("old", receiver.secret)).toEqual(["verified"]);
    expect(await verdicts("new", secret)).toEqual(["verified"]);
    const [[first], [second]] = await Promise.all([arrivals("old"), arrivals("new")]);
    expect(second?.body).toBe(first?.body);
  });

  it("never reaches an address that was left before the first attempt", async () => {
    const job = jobTo(receiver, await initiated(quiet, sender, receiver));
    await change(receiver, { transactionWebhookUrl: boxUrl("new") });
    await attemptNow(job);
    expect([(await arrivals("old")).length, (await arrivals("new")).length]).toEqual([0, 1]);
  });

  it("is encrypted with the present key, or not at all", async () => {
    const job = jobTo(receiver, await initiated(quiet, sender, receiver));
    await tellBox("old", "fail");
    await change(receiver, { encryptionEnabled: true });
    await attemptNow(job);
    const { publicJwk, privateJwk } = await newKeyPair(`${receiver.id}:2`);
    const input = { id: receiver.id, publicKey: publicJwk, keyVersion: 2 };
    await must(deps, { name: "rotate-application-key", input });
    await attemptNow(job);
    await change(receiver, { encryptionEnabled: false });
    await attemptNow(job);
    const [first, second, third] = (await arrivals("old")).map(({ body }) => body);
    expect(decodeProtectedHeader(first ?? "").kid).toBe(`${receiver.id}:1`);
    expect(decodeProtectedHeader(second ?? "").kid).toBe(`${receiver.id}:2`);
    const opened = async (jwe = "", key = privateJwk) =>
      new TextDecoder().decode((await compactDecrypt(jwe, key)).plaintext);
    expect([await opened(first, receiver.privateJwk), await opened(second)]).toEqual([third, third]);
    await expect(opened(second, receiver.privateJwk)).rejects.toThrow();
  });

  it("has failed when there is no address any more, and can be retried when there is one again", async () => {
    const job = jobTo(receiver, await initiated(quiet, sender, receiver));
    await change(receiver, { transactionWebhookUrl: null });
    const failed = await attemptNow(job);
    const lastError = "The application has no address any more";
    expect(failed).toMatchObject({ state: "FAILED", dueAt: null, lastError });
    expect(await arrivals("old")).toEqual([]);
    await change(receiver, { transactionWebhookUrl: boxUrl("new") });
    const input = { applicationId: receiver.id, id: failed.id };
    expect(await attempted(quiet, { name: "retry-transfer-webhook", input })).toMatchObject({ ok: true });
    expect(await attemptNow(job)).toMatchObject({ state: "DELIVERED", targetUrl: boxUrl("new") });
  });

  it("goes to the callback address of the transfer, with the sender's present secret", async () => {
    const transfer = await initiated(quiet, sender, receiver, { callbackUrl: boxUrl("callback") });
    await accepted(quiet, receiver, transfer);
    await change(sender, { transactionWebhookUrl: boxUrl("new") });
    const secret = "wsk_the-next-one";
    const sealed = await seal(readEnvironment(env).WEBHOOK_SEALING_KEYS, secret, sender.id);
    const input = { id: sender.id, secret: sealed, overlapMs: 0 };
    await must(deps, { name: "rotate-application-webhook-secret", input });
    expect(await attemptNow(jobTo(sender, transfer, "SENDER"))).toMatchObject({ state: "DELIVERED" });
    expect(await verdicts("callback", secret)).toEqual(["verified"]);
    expect(await arrivals("new")).toEqual([]);
  });
});
