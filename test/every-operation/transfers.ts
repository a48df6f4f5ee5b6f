import { type Tenant, TransfersJourney } from "../transfers-journey.ts";
import { type Caller, type Meter, operator } from "./meter.ts";

const daySeconds = 24 * 60 * 60;

/** Performs every operation of the transfers contract, and the operator's about it. */
export async function everyTransferOperation(meter: Meter): Promise<void> {
  await meter.journey.events("hold");
  const walk = new TransfersJourney(meter.journey);
  const sender = await registerOne(meter);
  const receiver = await walk.tenant({ webhookUrl: "http://localhost:8787/sandbox/inbox/receiver" });
  const reference = await payByTag(meter, sender, receiver);
  await readItAll(meter, sender, receiver, reference);
  await leaveUnaccepted(meter, sender, receiver);
  await failToTell(meter, walk, sender, receiver);
  await settle(meter, walk, sender, receiver);
  await meter.ask("view-transfer-timeline", 200, "GET", `/admin/transfers/${reference}/timeline`, operator);
  await meter.ask("view-timeline", 200, "GET", `/admin/timeline?id=${reference}`, operator);
  await meter.journey.events("deliver");
}

async function registerOne(meter: Meter): Promise<Tenant> {
  const handle = `app-${crypto.randomUUID().slice(0, 8)}`;
  const application = { name: "WalletApp", appHandle: handle };
  const { data } = await meter.ask("register-application", 201, "POST", "/applications", undefined, application);
  const { clientId: id, name, webhookSecret } = data;
  let clientSecret: string = data.clientSecret;
  const credentials = { client_id: id, client_secret: clientSecret };
  const first = "issue-token, with a secret not used yet";
  await meter.ask(first, 200, "POST", "/auth/token", undefined, credentials);
  const { token } = (await meter.ask("issue-token", 200, "POST", "/auth/token", undefined, credentials)).data;
  const by = { token };
  await meter.ask("list-applications", 200, "GET", "/admin/applications", operator);
  await meter.ask("admit-application", 200, "PATCH", `/admin/applications/${id}`, operator, { debitLimit: null });
  await meter.ask("view-application", 200, "GET", "/applications/me", by);
  await meter.ask("update-application", 200, "PATCH", "/applications/me", by, { logoUrl: "https://example.com/l.png" });
  await meter.ask("rotate-application-key", 200, "POST", "/applications/keys/rotate", by);
  await meter.ask("rotate-application-webhook-secret", 200, "POST", "/applications/webhook-secret/rotate", by);
  const renewed = await meter.ask(
    "rotate-application-client-secret",
    200,
    "POST",
    "/applications/client-secret/rotate",
    by,
    {},
  );
  const earlier = `/applications/client-secrets/${clientSecret.slice(0, 12)}`;
  await meter.ask("end-application-client-secret", 204, "DELETE", earlier, by);
  clientSecret = renewed.data.clientSecret;
  await meter.ask("view-encryption-key", 200, "GET", "/keys/idaas");

  const subject = { externalId: "user-1", displayName: "Alice" };
  const { id: subjectId } = (await meter.ask("create-subject", 201, "POST", "/subjects", by, subject)).data;
  await meter.ask("list-subjects", 200, "GET", "/subjects", by);
  await meter.ask("view-subject", 200, "GET", `/subjects/${subjectId}`, by);
  const { data: tag } = await meter.ask("create-tag", 201, "POST", "/tags", by, { subjectId, tagString: "alice" });
  await meter.ask("list-tags", 200, "GET", "/tags", by);
  await meter.ask("update-tag, as it is", 200, "PATCH", "/tags/alice", by, { active: true });
  await meter.ask("update-tag", 200, "PATCH", `/tags/${tag.qualifiedTag}`, by, { active: false });
  await meter.ask("update-tag, on again", 200, "PATCH", `/tags/${tag.qualifiedTag}`, by, { active: true });
  await meter.ask("resolve-tag", 200, "GET", `/tags/${tag.qualifiedTag}`);
  await meter.ask("resolve-tag, a bare one", 200, "GET", "/tags/alice");
  await meter.ask("erase-subject", 204, "DELETE", `/subjects/${subjectId}`, by);
  await meter.ask("erase-subject, again", 204, "DELETE", `/subjects/${subjectId}`, by);
  return { id, name, handle, clientSecret, webhookSecret, token, subjectId, tag: tag.qualifiedTag };
}

/** Initiates and accepts a transfer, with the deliveries of both. Returns the reference. */
async function payByTag(meter: Meter, sender: Tenant, receiver: Tenant): Promise<string> {
  const body = terms(sender, receiver);
  let reference = "";
  await meter.delivered("(dispatcher) tell the receiver", async () => {
    const { data } = await meter.ask(
      "initiate-transfer, the first between two",
      201,
      "POST",
      "/transactions",
      sender,
      body,
    );
    reference = data.reference;
  });
  await meter.delivered("(dispatcher) tell the receiver, again", () =>
    meter.ask("initiate-transfer", 201, "POST", "/transactions", sender, body),
  );
  await meter.ask("list-pending-transfers", 200, "GET", "/transactions/pending", receiver);
  const accept = `/transactions/${reference}/accept`;
  await meter.delivered("(dispatcher) tell the sender", () =>
    meter.ask("accept-transfer", 200, "POST", accept, receiver),
  );
  await meter.ask("accept-transfer, again", 422, "POST", accept, receiver);
  return reference;
}

async function readItAll(meter: Meter, sender: Caller, by: Caller, reference: string): Promise<void> {
  const path = `/transactions/${reference}`;
  await meter.ask("view-transfer", 200, "GET", path, by);
  await meter.ask("explain-transfer", 200, "GET", `${path}/explanation`, by);
  await meter.ask("list-sent-transfers", 200, "GET", "/transactions/sent", sender);
  await meter.ask("list-received-transfers", 200, "GET", "/transactions/received", by);
  await meter.ask("list-transfer-webhooks", 200, "GET", `${path}/webhooks`, by);
  await meter.ask("view-receiver-webhook", 200, "GET", `${path}/webhooks/receiver`, by);
  await meter.ask("view-sender-webhook", 200, "GET", `${path}/webhooks/sender`, by);
  await meter.ask("view-wallet", 200, "GET", "/wallet", by);
  await meter.ask("provision-wallet", 200, "POST", "/wallet", by);
  await meter.ask("provision-wallet, another", 200, "POST", "/wallet", by, { currency: "EUR" });
  await meter.ask("list-wallets", 200, "GET", "/wallets", by);
  await meter.ask("list-wallet-entries", 200, "GET", "/wallet/ledger", by);
}

/** Rejects one transfer, takes one back, and lets another expire. */
async function leaveUnaccepted(meter: Meter, sender: Tenant, receiver: Tenant): Promise<void> {
  const walk = new TransfersJourney(meter.journey);
  const { reference } = await walk.initiated(sender, receiver);
  const reject = `/transactions/${reference}/reject`;
  await meter.ask("reject-transfer", 200, "POST", reject, receiver, { reason: "Not ordered" });
  const named = { ...terms(sender, receiver), externalId: "order-1", metadata: { lines: 3 } };
  const made = await meter.ask("initiate-transfer, named", 201, "POST", "/transactions", sender, named);
  const takenBack = made.data;
  await meter.ask("cancel-transfer", 200, "POST", `/transactions/${takenBack.reference}/cancel`, sender);
  await meter.journey.advance(daySeconds - 60);
  await meter.worked("(queue) expire a transfer", () => meter.journey.advance(120)); // and nothing else is due
  for (const tenant of [sender, receiver]) tenant.token = await walk.token(tenant);
}

async function failToTell(meter: Meter, walk: TransfersJourney, sender: Tenant, receiver: Tenant): Promise<void> {
  await meter.journey.control("POST", "inbox", { box: "receiver", mode: "gone" });
  let recordId = "";
  await meter.delivered("(dispatcher) tell a receiver that is gone", async () => {
    recordId = (await walk.initiated(sender, receiver)).webhooks[0].id;
  });
  await meter.ask("list-failed-transfer-webhooks", 200, "GET", "/webhooks/failed", receiver);
  await meter.journey.control("POST", "inbox", { box: "receiver", mode: "ok" });
  await meter.delivered("(dispatcher) tell the receiver once more", () =>
    meter.ask("retry-transfer-webhook", 200, "POST", `/webhooks/${recordId}/retry`, receiver),
  );
}

/** Settles the first day, and requests it again. */
async function settle(meter: Meter, walk: TransfersJourney, sender: Tenant, receiver: Tenant): Promise<void> {
  await walk.admit(receiver, { admin: true });
  const { content } = await walk.must(sender, "GET", "/wallet/ledger");
  const day = content[0].createdAt.slice(0, 10);
  await meter.ask("settle-day", 200, "POST", `/settlement/trigger?date=${day}`, receiver);
  await meter.ask("settle-day, settled", 200, "POST", `/settlement/trigger?date=${day}`, receiver);
  const { data } = await meter.ask("view-settlement-of-day", 200, "GET", `/settlement/date/${day}`, sender);
  await meter.ask("view-settlement", 200, "GET", `/settlement/${data.id}`, sender);
  await meter.ask("list-settlements", 200, "GET", "/settlement", receiver);
}

function terms(sender: Tenant, receiver: Tenant) {
  const callbackUrl = "http://localhost:8787/sandbox/inbox/sender";
  return { senderTag: sender.tag, receiverTag: receiver.tag, amount: 1500, callbackUrl };
}
