import assert from "node:assert/strict";
import { CompactEncrypt, compactDecrypt, type JWK } from "jose";
import { createTransfers, isRefusal, type TransfersClient } from "../../dist/assets/client/transfers.ts";
import { type Narrator, refusal } from "./narrate.ts";
import { noticeLine, TransferInbox } from "./transfer-inbox.ts";

/** An application, with its typed client. */
interface Application {
  id: string;
  name: string;
  tag: string;
  webhookSecret: string;
  calls: TransfersClient;
  /** Gets another token, because one lasts for an hour. */
  enter: () => Promise<void>;
}

/** The two applications and their inboxes. */
interface Open {
  wallet: Application;
  shop: Application;
  walletInbox: TransferInbox;
  shopInbox: TransferInbox;
}

type Transfer = Awaited<ReturnType<TransfersClient["acceptTransfer"]>>["data"];

/**
 * Shows the transfers contract: two applications, a payment that the receiver accepts, one that was encrypted and is
 * rejected, and the settlement of the day. Moves the sandbox's clock beyond midnight.
 */
export async function transferBetweenApplications(narrator: Narrator, origin: string): Promise<void> {
  narrator.chapter("Two applications pay each other");
  const open = await openApplications(narrator, origin);
  const paid = await payByTag(narrator, open);
  await readTheWallets(narrator, open, paid);
  await keepItSecret(narrator, open);
  await settleTheDay(narrator, open, paid);
}

async function openApplications(narrator: Narrator, origin: string): Promise<Open> {
  const { journey } = narrator;
  const [walletInbox, shopInbox] = ["wallet", "shop"].map(
    (name) => new TransferInbox(journey, origin, `${name}-app-${Date.now()}`),
  ) as [TransferInbox, TransferInbox];
  const wallet = await narrator.step(
    "A wallet registers as an application",
    "The third contract is for applications whose users pay each other. The answer's secrets are shown once; a client secret buys tokens of an hour. Then a user, called a subject, and her tag: her address for everybody.",
    () => register(narrator, "WalletApp", "alice"),
  );
  const shop = await narrator.step(
    "So does a shop",
    "It also says where it wants to be told of payments. The receiver is an inbox of the sandbox again; it checks every signature with the secret of whom it stands for.",
    () => register(narrator, "ShopApp", "bob", { transactionWebhookUrl: shopInbox.url }),
  );
  await walletInbox.trust(wallet);
  await shopInbox.trust(shop);
  return { wallet, shop, walletInbox, shopInbox };
}

/** Registers an application with a token, one subject and its tag. */
async function register(
  { server }: Narrator,
  name: string,
  tagString: string,
  address: { transactionWebhookUrl?: string } = {},
): Promise<Application> {
  let token = "";
  const calls = createTransfers({ ...server, token: () => token });
  const appHandle = `${name.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}`;
  const { data } = await calls.registerApplication({ body: { name, appHandle, ...address } });
  const { clientId: id, clientSecret, webhookSecret } = data;
  const enter = async () => {
    token = (await calls.issueToken({ body: { client_id: id, client_secret: clientSecret } })).data.token;
  };
  await enter();
  const { data: subject } = await calls.createSubject({ body: { externalId: `user-of-${appHandle}` } });
  const { data: tag } = await calls.createTag({ body: { subjectId: subject.id, tagString } });
  return { id, name, tag: tag.qualifiedTag, webhookSecret, calls, enter };
}

async function payByTag(narrator: Narrator, { wallet, shop, walletInbox, shopInbox }: Open): Promise<Transfer> {
  const transfer = await narrator.step(
    "Alice sends 1500 naira to Bob",
    "Nothing moves yet: the shop must accept. The request carries an idempotency key, so that one whose answer was lost can be repeated: it is answered again, and made once.",
    async () => {
      const body = {
        ...{ senderTag: wallet.tag, receiverTag: shop.tag, amount: 1500 },
        ...{ narration: "School fees payment", callbackUrl: walletInbox.url },
      };
      const asked = await wallet.calls.initiateTransfer({ body, idempotencyKey: `school-fees-${wallet.id}` });
      const again = await wallet.calls.initiateTransfer({ body, idempotencyKey: `school-fees-${wallet.id}` });
      assert.equal(asked.data.status, "AWAITING_ACCEPTANCE", "the payment waits");
      assert.equal(again.data.reference, asked.data.reference, "asked twice, made once");
      return asked.data;
    },
  );
  await narrator.step(
    "The shop is told",
    "By a webhook that was written with the payment. The signature is over the timestamp and the exact body.",
    () => hear(narrator, shopInbox, transfer, "TRANSACTION_INITIATED"),
  );
  const accepted = await narrator.step(
    "The shop accepts",
    "In one database batch: both wallets move, each side gets its ledger entry, the payment is completed, and the wallet's webhook is written. A second acceptance is refused.",
    async () => {
      const path = { reference: transfer.reference };
      const { data } = await shop.calls.acceptTransfer({ path });
      assert.equal(data.status, "COMPLETED", "the payment is completed");
      const again = await refusal(shop.calls.acceptTransfer({ path }), (thrown) => isRefusal(thrown, "acceptTransfer"));
      assert.equal(again.status, 422, "once");
      return data;
    },
  );
  await narrator.step("The wallet is called back", "At the address that came with the payment.", () =>
    hear(narrator, walletInbox, { webhooks: accepted.webhooks?.slice(1) }, "TRANSACTION_COMPLETED"),
  );
  return accepted;
}

async function readTheWallets(narrator: Narrator, { wallet, shop }: Open, { reference }: Transfer) {
  await narrator.step(
    "Both read their wallets",
    "A wallet is an application's net position, so one that only sends is below zero. The entries chain: each opens where the one before closed.",
    async () => {
      for (const [{ name, calls }, type, balance] of [
        [wallet, "DEBIT", -1500],
        [shop, "CREDIT", 1500],
      ] as const) {
        assert.equal((await calls.viewWallet()).data.balance, balance, `the balance of ${name}`);
        const types: string[] = [];
        for await (const entry of calls.listWalletEntries({ query: { reference } })) {
          types.push(entry.entryType);
          const { amount, openingBalance, closingBalance } = entry;
          narrator.show(`${name.padEnd(10)} ${type.padEnd(7)} ${amount}: ${openingBalance} → ${closingBalance} NGN`);
        }
        assert.deepEqual(types, [type], "one entry a side");
      }
    },
  );
}

/** Sends an encrypted request, gets an encrypted webhook, and rejects the payment. */
async function keepItSecret(narrator: Narrator, { wallet, shop, walletInbox, shopInbox }: Open): Promise<void> {
  const privateKey: JWK = await narrator.step(
    "The shop wants its webhooks encrypted",
    "A new key pair: the private half leaves once, and is ours no more. From now on everything that the shop is told is for its eyes only.",
    async () => {
      await shop.calls.updateApplication({ body: { encryptionEnabled: true } });
      return (await shop.calls.rotateApplicationKey()).data.appPrivateJwk;
    },
  );
  const transfer = await narrator.step(
    "Alice sends 250.5 more, unseen",
    "The body is encrypted with the platform's public key, which everybody may know. Content-Encryption says so.",
    async () => {
      const body = { senderTag: wallet.tag, receiverTag: shop.tag, amount: 250.5, callbackUrl: walletInbox.url };
      const { jwk } = (await wallet.calls.viewEncryptionKey()).data;
      const { data } = await wallet.calls.initiateTransfer({ body: await encrypt(jwk, body) });
      assert.equal(data.amount, 250.5, "it was read");
      return data;
    },
  );
  await narrator.step(
    "The shop decrypts what it is told",
    "The signature is checked first: it is over what was sent. Then the private key opens it.",
    async () => {
      const { body } = await hear(narrator, shopInbox, transfer, "TRANSACTION_INITIATED");
      const { plaintext } = await compactDecrypt(body, privateKey);
      const told = JSON.parse(new TextDecoder().decode(plaintext));
      assert.equal(told.transaction.reference, transfer.reference, "it is about this payment");
      narrator.show(`Opened: ${told.eventType} of ${told.transaction.amount} ${told.transaction.currency}`);
    },
  );
  await narrator.step(
    "And rejects the payment",
    "Nothing has moved and nothing will. The wallet hears why.",
    async () => {
      const path = { reference: transfer.reference };
      const { data } = await shop.calls.rejectTransfer({ path, body: { reason: "Paid already" } });
      assert.equal(data.status, "REJECTED", "the payment is rejected");
      const { body } = await hear(narrator, walletInbox, { webhooks: data.webhooks?.slice(1) }, "TRANSACTION_REJECTED");
      assert.equal(JSON.parse(body).transaction.rejectionReason, "Paid already", "the reason is told");
      assert.equal((await wallet.calls.viewWallet()).data.balance, -1500, "nothing has moved");
    },
  );
}

async function settleTheDay(narrator: Narrator, { wallet, shop }: Open, { acceptedAt }: Transfer): Promise<void> {
  const { journey } = narrator;
  const day = acceptedAt?.slice(0, 10) ?? "";
  const batch = await narrator.step(
    "The day is settled",
    "The clock is moved beyond midnight; settling happens by itself a day later, and at once for an administrator. The day is closed first, then counted from the ledger's entries. What is credited equals what is debited.",
    async () => {
      const { nowSeconds } = (await journey.control("GET", "clock")).body;
      await journey.advance(Math.max(Date.parse(day) / 1000 + 24 * 60 * 60 + 60 - nowSeconds, 0));
      await journey.operator("PATCH", `/applications/${shop.id}`, { admin: true });
      for (const application of [wallet, shop]) await application.enter();
      return (await shop.calls.settleDay({ query: { date: day } })).data;
    },
  );
  await narrator.step(
    "And the wallet reads its own position",
    "Nobody sees another's, unless the operator made it an administrator.",
    async () => {
      const { entries = [], ...seen } = (await wallet.calls.viewSettlementOfDay({ path: { date: day } })).data;
      assert.deepEqual([seen.id, seen.status], [batch.id, "COMPLETED"], "the day is settled");
      assert.equal(seen.totalCredited, seen.totalDebited, "the batch is even");
      assert.deepEqual(
        entries.map((entry) => [entry.applicationId, entry.netAmount]),
        [[wallet.id, -1500]],
        "the wallet owes what it sent",
      );
      const { transactionCount, applicationCount, totalCredited } = seen;
      narrator.show(
        `${day}: payments ${transactionCount}, applications ${applicationCount}, moved ${totalCredited} NGN`,
      );
      narrator.show(
        `${wallet.name}: net ${entries[0]?.netAmount}, ${entries[0]?.openingBalance} → ${entries[0]?.closingBalance} NGN`,
      );
    },
  );
}

/** Waits for the notice of a payment's record, and verifies it. */
async function hear(
  narrator: Narrator,
  inbox: TransferInbox,
  { webhooks: [record] = [] }: Pick<Transfer, "webhooks">,
  event: string,
) {
  assert.ok(record, "there is a record of who is told");
  const notice = await inbox.told(record.id);
  narrator.show(noticeLine(notice));
  assert.deepEqual([notice.headers["x-idaas-event"], notice.verdict], [event, "verified"], "told, and signed");
  return notice;
}

function encrypt(key: JWK, body: object): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(body)))
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", ...(key.kid ? { kid: key.kid } : {}) })
    .encrypt(key);
}
