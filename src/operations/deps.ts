import type { Database } from "../db/database";
import type { KeyReservation } from "../db/idempotency";
import type { RestoreMark } from "../db/restore-mark";
import type { PostingLine } from "../domain/ledger";
import type { ReleaseRule } from "../domain/offers/release";
import type { OpenRows } from "../domain/quota";
import type { Result } from "../domain/result";
import type { CallKind } from "../domain/stripe-call";
import type { DeliveryJob } from "../domain/webhooks/delivery-job";
import type { Mailer } from "../mail/mailer";
import type { ExpertCapability } from "../stripe/accounts";
import type { StripeGateway } from "../stripe/client";
import type { verifyEvent } from "../stripe/event";
import type { FollowUp, Recovered, Recoveries } from "./follow-ups";

/** A reserved idempotency key, with the request's fingerprint and whether a committing batch has settled it. */
export type OpenReservation = KeyReservation & { fingerprint: string; settled: boolean };

/** Everything that an operation may use. It is built in container.ts only. */
export interface Deps {
  db: Database;
  /** The mark of a restore of the database, as this invocation has found it. */
  restored: () => Promise<RestoreMark | undefined>;
  stripe: StripeGateway;
  /** Verifies an event's signature over the raw body, with every secret that is valid at the moment. */
  verifyEvent: (rawBody: string, signature: string) => ReturnType<typeof verifyEvent>;
  /** Undefined if this deployment sends no mails. */
  mailer: Mailer | undefined;
  /** The only clock, in milliseconds; in the sandbox it can be moved. */
  nowMs: () => number;
  /** Makes a new id in the given bucket, or in a random one for a new root. */
  newId: (bucket?: number) => string;
  log: Log;
  /** The number of queries and Stripe calls of this invocation so far, those of its Durable Objects included. */
  cost: Readonly<{ queries: number; stripeCalls: number }>;
  settings: Settings;
  /** The id of the request or run that the work belongs to. */
  requestId: string;
  /** The id of this run of a command, which stays the same when a lost race makes it begin again. */
  runId: string;
  /** The reserved idempotency key that the committing batch must settle, if the request carries one. */
  reservation?: OpenReservation;
  /** Makes the form of the command's answer in which it is stored under the key; by default the answer itself. */
  kept?: (answer: Result<unknown>) => Result<unknown>;
  /** An operator's verdict on a Stripe call that can end in no other way. */
  verdict?: Verdict;
  /** Collects what a command would do, which then does nothing (perform.ts). */
  rehearsal?: Rehearsal;
  /** Performs a command under its lock key. It must not be called while a key is held: a lock is not re-entrant. */
  runSerialized: {
    (command: FollowUp<keyof Recoveries>): Promise<Result<Recovered>>;
    (command: FollowUp): Promise<Result<unknown>>;
  };
  /** Enqueues commands to be performed soon. Losing them costs delay only: the sweep finds the rows. */
  enqueueCommands: (commands: readonly FollowUp[]) => Promise<void>;
  /** Enqueues delivery jobs, now or after a delay. Losing them, too, costs delay only. */
  enqueueDeliveries: (jobs: readonly DeliveryJob[], delaySeconds?: number) => Promise<void>;
}

/** The operator who causes a change that others cause, too, and why. */
export interface ByOperator {
  operator: string;
  note: string;
}

/** The plan of a command: the calls to Stripe, in their order, and the lines that it would post before them. */
export interface Rehearsal {
  steps: { call: CallKind; object: string; amountMinor: number; currency: string }[];
  lines: PostingLine[];
}

/** The outcome of one call, as an operator has found out. */
export interface Verdict {
  effectId: string;
  operator: string;
  note: string;
  /** The object that the call made, fetched from Stripe and checked; undefined if it made none. */
  made: { id: string } | undefined;
}

export interface Settings {
  commissionBasisPoints: number;
  frontendUrl: string;
  merchantName: string;
  livemode: boolean;
  /** Whether payments are allowed that Stripe converts to another currency. */
  convertedCurrencies: "allow" | "refuse";
  /** The capabilities that experts' accounts must have. */
  expertCapabilities: readonly ExpertCapability[];
  /** The moment from which the payouts of offers that are accepted now may be sent. */
  payoutRelease: ReleaseRule;
  /** Time that a receiver has to accept a transfer, in milliseconds. */
  transferWindowMs: number;
  /** The most rows of each kind that an owner may have open at once. */
  openRows: OpenRows;
}

/** The structured log: each entry is one line of JSON without secrets. */
export interface Log {
  info: (event: string, facts?: Record<string, unknown>) => void;
  warn: (event: string, facts?: Record<string, unknown>) => void;
  error: (event: string, error: unknown, facts?: Record<string, unknown>) => void;
}
