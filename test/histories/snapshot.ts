import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { getTableColumns } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type Stripe from "stripe";
import { integerText } from "../../src/db/grown-total";
import * as schema from "../../src/db/schema";
import { emulatorOf } from "../../src/sandbox/emulator-of";
import { type DueRow, readDueRows } from "./due-rows";
import type { Quotas } from "./quota-setting";
import type { Memory } from "./remembered";

/** Texts, because between the two sides of one wallet a balance may be more than a number holds. */
const asEntry = {
  ...getTableColumns(schema.walletEntries),
  openingBalance: integerText(schema.walletEntries.openingBalance).as("opening_balance"),
  closingBalance: integerText(schema.walletEntries.closingBalance).as("closing_balance"),
};

/** The state of one moment: our rows, Stripe's objects, and what people were told. */
export interface Snapshot {
  rows: Awaited<ReturnType<typeof readRows>>;
  stripe: Awaited<ReturnType<typeof readStripe>>;
  told: Told;
  /** All rows with a due time. */
  dueRows: DueRow[];
  /** The facts from before the last step. */
  memory: Memory;
  /** Whether the last step was only a sweep. */
  wasSwept: boolean;
}

/** The notifications of people, and what was done out-of-band: evidence that our rows must agree with. */
export interface Told {
  /** Sessions whose owner was answered 204. */
  accepted: Set<string>;
  /** Testimonies whose refund an operator has requested. */
  refundAsked: Set<string>;
  /** Testimonies whose payout an operator has released. */
  released: Set<string>;
  /** Testimonies whose payout an operator has released before its time. */
  releasedEarly: Set<string>;
  /** The rule by which payouts are released. */
  release: string;
  /** Users who were answered to be deleted, with the e-mail that they had. */
  deleted: Map<string, string>;
  /** The ids of requests that were refused for a quota. */
  refused: Set<string>;
  /** The quotas that hold; undefined if there are none. */
  quotas: (Quotas & { sinceMs: number }) | undefined;
  /** Wrong answers. */
  wrong: string[];
  /** All requests that carried an idempotency key. */
  keyed: KeyedRequest[];
  /** Answered transactions by their id. */
  payments: Map<string, ToldPayment>;
  /** Answered refunds by their id. */
  refunds: Map<string, { transactionId: string; amountMinor: number; status: string }>;
  /** Orders that were answered as cancelled. */
  cancelledOrders: Set<string>;
  /** Answered transfers by their reference. */
  transfers: Map<string, ToldTransfer>;
  /** Days that were answered as settled, with the answers. */
  settlements: Map<string, string>;
  /** All webhooks that the applications received. */
  notices: Notice[];
}

/** A transaction as its shopper was told. */
export interface ToldPayment {
  orderId: string;
  userId: string;
  secret: string | null;
  /** The final status, once it was told. */
  end?: string;
  /** The captured amount, once it was told. */
  capturedMinor?: number;
}

/** A transfer as its parties were told. */
export interface ToldTransfer {
  senderId: string;
  receiverId: string;
  /** An integer of scale 4. */
  amount: number;
  currency: string;
  expiresAtMs: number;
  /** The final status, once it was told. */
  end?: string;
}

/** A received webhook of the transfers contract. */
export interface Notice {
  id: string;
  event: string;
  status: string;
  verdict: string;
  /** Whether it was answered with a success. */
  wasTaken: boolean;
}

export function nothingTold(): Told {
  const payments = { payments: new Map(), refunds: new Map(), cancelledOrders: new Set<string>() };
  const transfers = { transfers: new Map(), settlements: new Map(), notices: [] };
  return {
    accepted: new Set(),
    refundAsked: new Set(),
    released: new Set(),
    releasedEarly: new Set(),
    release: "accepted",
    deleted: new Map(),
    refused: new Set(),
    quotas: undefined,
    wrong: [],
    keyed: [],
    ...payments,
    ...transfers,
  };
}

/** The caller: a bearer token, or the identity headers. */
export interface Caller {
  token?: string;
  headers?: Record<string, string>;
}

export interface KeyedRequest {
  method: string;
  path: string;
  by: Caller;
  body: unknown;
  key: string;
  atMs: number;
  last: { status: number; code?: string };
  /** The first answer, which must be repeated; undefined until there is one. */
  answer?: { status: number; body: string };
}

/** Reads our rows in one batch. */
export async function readRows() {
  const db = drizzle(env.DB);
  const [journal, postings, outbox, effects, events, ...more] = await db.batch([
    db.select().from(schema.journal),
    db.select().from(schema.postings),
    db.select().from(schema.outbox),
    db.select().from(schema.stripeEffects),
    db.select().from(schema.stripeEvents),
    db.select().from(schema.testimonies),
    db.select().from(schema.offers),
    db.select().from(schema.checkouts),
    db.select().from(schema.payouts),
    db.select().from(schema.refunds),
    db.select().from(schema.disputes),
    db.select().from(schema.attention),
    db.select().from(schema.payoutAccounts),
    db.select().from(schema.receivables),
    db.select().from(schema.notifications),
    db.select().from(schema.orders),
    db.select().from(schema.payments),
    db.select().from(schema.paymentRefunds),
    db.select().from(schema.paymentDisputes),
    db.select().from(schema.connectedAccounts),
    db.select().from(schema.applications),
    db.select().from(schema.transfers),
    db.select().from(schema.transferWebhooks),
    db.select().from(schema.wallets),
    db.select(asEntry).from(schema.walletEntries),
    db.select().from(schema.settlementBatches),
    db.select().from(schema.users),
    db.select().from(schema.accessTokens),
    db.select().from(schema.userEmails),
    db.select().from(schema.userPhones),
  ]);
  const [testimonies, offers, checkouts, payouts, refunds, disputes, attention, ...others] = more;
  const [accounts, receivables, notifications, orders, payments, paymentRefunds, paymentDisputes, ...rest] = others;
  const [connectedAccounts, applications, transfers, transferWebhooks, wallets, ...last] = rest;
  const [walletEntries, settlementBatches, users, accessTokens, userEmails, userPhones] = last;
  return {
    ...{ journal, postings, outbox, effects, events, testimonies, offers, checkouts, payouts, refunds, disputes },
    ...{ attention, accounts, receivables, notifications },
    ...{ orders, payments, paymentRefunds, paymentDisputes, connectedAccounts },
    ...{ applications, transfers, transferWebhooks, wallets, walletEntries, settlementBatches },
    ...{ users, accessTokens, userEmails, userPhones },
  };
}

/** Reads the emulator's storage directly, so that reading changes nothing and meets no fault. */
export async function readStripe() {
  const { objects, offsetMs } = await runInDurableObject(emulatorOf(env), (_, { storage }) => ({
    objects: storage.sql
      .exec<{ kind: string; account: string; body: string }>("SELECT kind, account, body FROM objects ORDER BY seq")
      .toArray(),
    offsetMs: Number(
      storage.sql.exec<{ value: string }>("SELECT value FROM settings WHERE name = 'clock_offset_ms'").toArray()[0]
        ?.value ?? 0,
    ),
  }));
  const of = <T>(kind: string): T[] =>
    objects.filter((one) => one.kind === kind && one.account === "").map((one) => JSON.parse(one.body));
  const onAccounts = <T>(kind: string): (T & { onAccount: string })[] =>
    objects
      .filter((one) => one.kind === kind && one.account !== "")
      .map((one) => ({ ...JSON.parse(one.body), onAccount: one.account }));
  return {
    nowMs: Date.now() + offsetMs,
    sessions: of<Stripe.Checkout.Session>("checkout.session"),
    charges: of<Stripe.Charge>("charge"),
    refunds: of<Stripe.Refund>("refund"),
    transfers: of<Stripe.Transfer>("transfer"),
    reversals: of<Stripe.TransferReversal>("transfer_reversal"),
    accounts: of<Stripe.Account>("account"),
    disputes: of<Stripe.Dispute>("dispute"),
    fees: of<Stripe.ApplicationFee>("application_fee"),
    feeRefunds: of<Stripe.FeeRefund>("fee_refund"),
    /** The objects on all connected accounts. */
    connected: {
      intents: onAccounts<Stripe.PaymentIntent>("payment_intent"),
      charges: onAccounts<Stripe.Charge>("charge"),
      refunds: onAccounts<Stripe.Refund>("refund"),
      disputes: onAccounts<Stripe.Dispute>("dispute"),
      /** The times at which refunds failed, in seconds. */
      failures: new Map(
        onAccounts<Stripe.BalanceTransaction>("balance_transaction")
          .filter(({ type }) => type === "refund_failure")
          .map(({ source, created }) => [String(source), created]),
      ),
    },
  };
}

export async function takeSnapshot(told: Told, memory: Memory, wasSwept: boolean): Promise<Snapshot> {
  return {
    rows: await readRows(),
    stripe: await readStripe(),
    told,
    dueRows: await readDueRows(),
    memory,
    wasSwept,
  };
}
