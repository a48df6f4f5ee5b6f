import { encryptFor } from "../crypto/jwe";
import { unseal } from "../crypto/seal";
import { write } from "../db/database";
import type { Secret } from "../db/secrets";
import type { Application } from "../db/transfers/applications";
import type { Transfer, TransferWebhook } from "../db/transfers/transfer";
import { loadTransferDelivery, writeTransferAttempt } from "../db/transfers/webhook-records";
import { type AttemptOutcome, afterAttempt, type DeliveryState } from "../domain/webhooks/delivery";
import type { TransferDeliveryJob } from "../domain/webhooks/delivery-job";
import { targetProblem } from "../domain/webhooks/target";
import { attempt } from "./attempt";
import { type Delivered, type DeliveryDeps, nothing } from "./delivery";
import { signTransfer } from "./sign-transfer";
import { bodyOf } from "./transfer-body";

/** The contract's own limit for one attempt, connecting included. */
const timeoutMaxMs = 10_000;

const states = { pending: "PENDING", delivered: "DELIVERED", failed: "FAILED" } as const satisfies Record<
  DeliveryState,
  TransferWebhook["state"]
>;

/**
 * Makes one attempt to deliver a record of a transfer, and writes down its result. The row is read first and decides: a
 * finished record is not sent again, and one that is not due yet waits.
 */
export async function deliverTransfer(deps: DeliveryDeps, job: TransferDeliveryJob): Promise<Delivered> {
  const { record, transfer, application, secrets } = await loadTransferDelivery(deps.db, job, deps.nowMs());
  if (!record || record.dueAt === null || (await deps.restored())?.isRecovering) return nothing;
  if (!transfer || !application)
    throw new Error(`${job.reference} is about a transfer or an application that is not there`);
  const isFirst = record.attempts === 0; // made at once: until then `dueAt` only serves the sweep
  if (!isFirst && record.dueAt > deps.nowMs()) return nothing;
  const url = addressOf(record, application);
  const outcome =
    url === null ? ({ kind: "no_address" } as const) : await send(deps, url, record, transfer, application, secrets);
  return writeDown(deps, { ...record, targetUrl: url ?? record.targetUrl }, outcome);
}

/**
 * Returns the target of a record: the receiver's present address, or the address that the sender gave for this
 * transfer.
 */
function addressOf({ direction, targetUrl }: TransferWebhook, { transactionWebhookUrl }: Application): string | null {
  return direction === "RECEIVER" ? transactionWebhookUrl : targetUrl;
}

/** Sends a record: the application's secrets sign it, its present key encrypts it. */
async function send(
  deps: DeliveryDeps,
  url: string,
  record: TransferWebhook,
  transfer: Transfer,
  application: Application,
  secrets: readonly Secret[],
): Promise<AttemptOutcome> {
  const { id: recordId, eventType } = record;
  if (targetProblem(url, deps)) return { kind: "target_forbidden" }; // the rules may have changed since
  const plain = bodyOf(record, transfer);
  const { encryptionEnabled, publicKey } = application;
  const body = encryptionEnabled ? await encryptFor(publicKey, plain) : plain;
  const type = encryptionEnabled
    ? { "Content-Type": "application/jose", "Content-Encryption": "JWE" }
    : { "Content-Type": "application/json" };
  const timestampSeconds = Math.floor(Date.now() / 1000); // receivers compare it with the wall clock
  const keys = await Promise.all(secrets.map(({ secret }) => unseal(deps.sealingKeys, secret, application.id)));
  const signature = await signTransfer({ recordId, eventType, timestampSeconds, body }, keys);
  const headers = { ...type, ...signature, "User-Agent": "Accord-Webhooks/1" };
  const timeoutMs = Math.min(deps.timeoutMs, timeoutMaxMs);
  return (await attempt({ url, headers, body }, { send: deps.send, timeoutMs, nowMs: Date.now })).outcome;
}

async function writeDown(deps: DeliveryDeps, record: TransferWebhook, outcome: AttemptOutcome): Promise<Delivered> {
  const nowMs = deps.nowMs();
  const attempts = record.attempts + 1;
  const next = afterAttempt(outcome, { wire: "transfers", attempts, nowMs, random: Math.random() });
  const made = { atMs: nowMs, targetUrl: record.targetUrl, error: inWords(outcome) };
  const row = writeTransferAttempt(deps.db, record, { ...made, state: states[next.state], dueAt: next.nextAtMs });
  await write(deps.db, [row]);
  return { told: [], nextInMs: next.nextAtMs === null ? null : next.nextAtMs - nowMs };
}

/** Words an outcome for the operator of the receiver, who has no other information. */
function inWords(outcome: AttemptOutcome): string {
  switch (outcome.kind) {
    case "timeout":
      return "No answer in time";
    case "unreachable":
      return "The address could not be reached";
    case "target_forbidden":
      return "The address may not be called";
    case "no_address":
      return "The application has no address any more";
    case "redirected":
      return `HTTP ${outcome.status}: redirects are not followed`;
    default:
      return `HTTP ${outcome.status}`;
  }
}
