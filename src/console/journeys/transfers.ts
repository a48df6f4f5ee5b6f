import type { JWK } from "jose";
import { createOperator } from "#operator";
import type { TransfersClient } from "#transfers";
import { hearFrom, pageOf } from "./box.ts";
import { must, mustEqual, refusal } from "./check.ts";
import type { Chapter, Journey, KeptByAll, Teller } from "./journey.ts";
import { operatorToken } from "./people.ts";

/** The client and the encryption library are loaded when this journey is told, so that the page is there sooner. */
const client = () => import("#transfers");
const sealing = () => import("./seal.ts");

/** An application, with its typed client and the box that stands for its own address. */
interface Application {
  id: string;
  name: string;
  tag: string;
  box: string;
  calls: TransfersClient;
  /** Gets another token, because one lasts for an hour. */
  enter: () => Promise<void>;
}

type Transfer = Awaited<ReturnType<TransfersClient["acceptTransfer"]>>["data"];

interface TransfersKept extends KeptByAll {
  wallet: Application;
  shop: Application;
  paid: Transfer;
  privateKey: JWK;
  secret: Transfer;
  day: string;
  batchId: string;
}

const payingEachOther: Chapter<TransfersKept> = {
  title: "Two applications pay each other",
  steps: [
    {
      title: "A wallet registers as an application",
      why: "The third contract is for applications whose users pay each other. The answer's secrets are shown once; a client secret buys tokens of an hour. Then a user, called a subject, and her tag: her address for everybody.",
      take: async (teller) => ({ wallet: await register(teller, "WalletApp", "alice") }),
    },
    {
      title: "So does a shop",
      why: "It also says where it wants to be told of payments. The receiver is an inbox of the sandbox again; it checks every signature with the secret of whom it stands for.",
      take: async (teller) => ({ shop: await register(teller, "ShopApp", "bob", true) }),
    },
    {
      title: "Alice sends 1500 naira to Bob",
      why: "Nothing moves yet: the shop must accept. The request carries an idempotency key, so that one whose answer was lost can be repeated: it is answered again, and made once.",
      async take(teller, { wallet, shop }) {
        const body = {
          ...{ senderTag: wallet.tag, receiverTag: shop.tag, amount: 1500 },
          ...{ narration: "School fees payment", callbackUrl: pageOf(teller, wallet.box) },
        };
        const ask = () => wallet.calls.initiateTransfer({ body, idempotencyKey: `school-fees-${wallet.id}` });
        const { data: paid } = await ask();
        mustEqual(paid.status, "AWAITING_ACCEPTANCE", "the payment waits");
        mustEqual((await ask()).data.reference, paid.reference, "asked twice, made once");
        return { paid, about: paid.reference };
      },
    },
    {
      title: "The shop is told",
      why: "By a webhook that was written with the payment. The signature is over the timestamp and the exact body.",
      take: async (teller, { shop, paid }) => void (await hear(teller, shop, paid, "TRANSACTION_INITIATED")),
    },
    {
      title: "The shop accepts",
      why: "In one database batch: both wallets move, each side gets its ledger entry, the payment is completed, and the wallet's webhook is written. A second acceptance is refused.",
      async take(_, { shop, paid: { reference } }) {
        const path = { reference };
        const { data: paid } = await shop.calls.acceptTransfer({ path });
        mustEqual(paid.status, "COMPLETED", "the payment is completed");
        const { isRefusal } = await client();
        const again = await refusal(shop.calls.acceptTransfer({ path }), (thrown) =>
          isRefusal(thrown, "acceptTransfer"),
        );
        mustEqual(again.status, 422, "once");
        return { paid, day: paid.acceptedAt?.slice(0, 10) ?? "" };
      },
    },
    {
      title: "The wallet is called back",
      why: "At the address that came with the payment.",
      take: async (teller, { wallet, paid }) => void (await hear(teller, wallet, later(paid), "TRANSACTION_COMPLETED")),
    },
    {
      title: "Both read their wallets",
      why: "A wallet is an application's net position, so one that only sends is below zero. The entries chain: each opens where the one before closed.",
      async take(teller, { wallet, shop, paid: { reference } }) {
        for (const [{ name, calls }, type, balance] of [
          [wallet, "DEBIT", -1500],
          [shop, "CREDIT", 1500],
        ] as const) {
          mustEqual((await calls.viewWallet()).data.balance, balance, `the balance of ${name}`);
          const types: string[] = [];
          for await (const entry of calls.listWalletEntries({ query: { reference } })) {
            types.push(entry.entryType);
            const { amount, openingBalance, closingBalance } = entry;
            teller.show(`${name.padEnd(10)} ${type.padEnd(7)} ${amount}: ${openingBalance} → ${closingBalance} NGN`);
          }
          mustEqual(types, [type], "one entry a side");
        }
      },
    },
  ],
};

const keepingItSecret: Chapter<TransfersKept> = {
  title: "A payment that nobody else can read",
  steps: [
    {
      title: "The shop wants its webhooks encrypted",
      why: "A new key pair: the private half leaves once, and is ours no more. From now on everything that the shop is told is for its eyes only.",
      async take(_, { shop }) {
        await shop.calls.updateApplication({ body: { encryptionEnabled: true } });
        return { privateKey: (await shop.calls.rotateApplicationKey()).data.appPrivateJwk };
      },
    },
    {
      title: "Alice sends 250.5 more, unseen",
      why: "The body is encrypted with the platform's public key, which everybody may know. Content-Encryption says so.",
      async take(teller, { wallet, shop }) {
        const callbackUrl = pageOf(teller, wallet.box);
        const body = { senderTag: wallet.tag, receiverTag: shop.tag, amount: 250.5, callbackUrl };
        const { jwk } = (await wallet.calls.viewEncryptionKey()).data;
        const { seal } = await sealing();
        const { data: secret } = await wallet.calls.initiateTransfer({ body: await seal(jwk, body) });
        mustEqual(secret.amount, 250.5, "it was read");
        return { secret, about: secret.reference };
      },
    },
    {
      title: "The shop decrypts what it is told",
      why: "The signature is checked first: it is over what was sent. Then the private key opens it.",
      async take(teller, { shop, secret, privateKey }) {
        const { body } = await hear(teller, shop, secret, "TRANSACTION_INITIATED");
        const { unseal } = await sealing();
        const told = await unseal<{ eventType: string; transaction: Transfer }>(privateKey, body);
        mustEqual(told.transaction.reference, secret.reference, "it is about this payment");
        teller.show(`Opened: ${told.eventType} of ${told.transaction.amount} ${told.transaction.currency}`);
      },
    },
    {
      title: "And rejects the payment",
      why: "Nothing has moved and nothing will. The wallet hears why.",
      async take(teller, { wallet, shop, secret: { reference } }) {
        const { data } = await shop.calls.rejectTransfer({ path: { reference }, body: { reason: "Paid already" } });
        mustEqual(data.status, "REJECTED", "the payment is rejected");
        const { body } = await hear(teller, wallet, later(data), "TRANSACTION_REJECTED");
        mustEqual(JSON.parse(body).transaction.rejectionReason, "Paid already", "the reason is told");
        mustEqual((await wallet.calls.viewWallet()).data.balance, -1500, "nothing has moved");
      },
    },
  ],
};

const settling: Chapter<TransfersKept> = {
  title: "The settlement of the day",
  steps: [
    {
      title: "The day is settled",
      why: "The clock is moved beyond midnight; settling happens by itself a day later, and at once for an administrator. The day is closed first, then counted from the ledger's entries. What is credited equals what is debited.",
      async take(teller, { wallet, shop, paid, day }) {
        const { nowSeconds } = await teller.control<{ nowSeconds: number }>("GET", "clock");
        const midnight = Date.parse(day) / 1000 + 24 * 60 * 60;
        await teller.control("POST", "clock", { advanceSeconds: Math.max(midnight + 60 - nowSeconds, 0) });
        const operator = createOperator({ ...teller.server, token: operatorToken });
        await operator.admitApplication({ path: { id: shop.id }, body: { admin: true } });
        for (const application of [wallet, shop]) await application.enter();
        const { data } = await shop.calls.settleDay({ query: { date: day } });
        return { batchId: data.id, about: paid.reference };
      },
    },
    {
      title: "And the wallet reads its own position",
      why: "Nobody sees another's, unless the operator made it an administrator.",
      async take(teller, { wallet, day, batchId }) {
        const { entries = [], ...seen } = (await wallet.calls.viewSettlementOfDay({ path: { date: day } })).data;
        mustEqual([seen.id, seen.status], [batchId, "COMPLETED"], "the day is settled");
        mustEqual(seen.totalCredited, seen.totalDebited, "the batch is even");
        const positions = entries.map((entry) => [entry.applicationId, entry.netAmount]);
        mustEqual(positions, [[wallet.id, -1500]], "the wallet owes what it sent");
        const { transactionCount, applicationCount, totalCredited } = seen;
        const [own] = entries;
        teller.show(
          `${day}: payments ${transactionCount}, applications ${applicationCount}, moved ${totalCredited} NGN`,
          `${wallet.name}: net ${own?.netAmount}, ${own?.openingBalance} → ${own?.closingBalance} NGN`,
        );
      },
    },
  ],
};

/** Two applications exchange money by tag: one payment is accepted, one that was encrypted is rejected. */
export const transfers: Journey<TransfersKept> = {
  name: "transfers",
  title: "Transfers",
  object: "transfer",
  summary: "Users of two applications pay each other by tag, in the open and encrypted, and the day is settled.",
  chapters: [payingEachOther, keepingItSecret, settling],
};

/** Registers an application with a token, one subject and its tag. Its box checks signatures with its secret. */
async function register(teller: Teller, name: string, tagString: string, listens = false): Promise<Application> {
  const { server } = teller;
  let token = "";
  const { createTransfers } = await client();
  const calls = createTransfers({ ...server, token: () => token });
  const appHandle = `${name.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}`;
  const body = { name, appHandle, ...(listens && { transactionWebhookUrl: pageOf(teller, appHandle) }) };
  const { clientId: id, clientSecret, webhookSecret } = (await calls.registerApplication({ body })).data;
  await teller.control("POST", "inbox", { box: appHandle, secrets: [webhookSecret] });
  const enter = async () => {
    token = (await calls.issueToken({ body: { client_id: id, client_secret: clientSecret } })).data.token;
  };
  await enter();
  const { data: subject } = await calls.createSubject({ body: { externalId: `user-of-${appHandle}` } });
  const { data: tag } = await calls.createTag({ body: { subjectId: subject.id, tagString } });
  return { id, name, tag: tag.qualifiedTag, box: appHandle, calls, enter };
}

/** Waits for the notice of the first record that a payment has, and checks what it says. */
async function hear(teller: Teller, { box }: Application, { webhooks: [record] = [] }: Told, event: string) {
  must(record !== undefined, "there is a record of who is told");
  const notice = await hearFrom(teller, box, record.id);
  mustEqual(notice.headers["x-idaas-event"], event, "what is told");
  return notice;
}

type Told = Pick<Transfer, "webhooks">;

/** Returns what is told of a payment after its receiver has decided. */
function later({ webhooks = [] }: Told): Told {
  return { webhooks: webhooks.slice(1) };
}
