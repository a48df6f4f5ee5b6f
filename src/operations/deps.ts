import type { KeyClaim } from "../db/commit";
import type { Database } from "../db/database";
import type { RestoreMark } from "../db/restore-mark";
import type { Errand } from "../domain/errand";
import type { Result } from "../domain/result";
import type { ExpertCapability } from "../stripe/accounts";
import type { StripeGateway } from "../stripe/client";
import type { verifyEvent } from "../stripe/event";
import type { Command, CommandName, Output } from "./commands";

/** A claim on an idempotency key that knows what is asked for, and whether a committing batch has settled it. */
export type OpenClaim = KeyClaim & { fingerprint: string; settled: boolean };

/** Everything that an operation may use. Built in wire.ts and nowhere else. */
export interface Deps {
  db: Database;
  /** Whether the database was put back to an earlier moment, as this invocation has found it. */
  restored: () => Promise<RestoreMark | undefined>;
  stripe: StripeGateway;
  /** Checks an event's signature over the raw body, against every secret that is valid now. */
  verifyEvent: (rawBody: string, signature: string) => ReturnType<typeof verifyEvent>;
  /** The one clock, in milliseconds; in the sandbox it can be moved. */
  nowMs: () => number;
  /** A new id in the given bucket, or in a random one for a new root. */
  newId: (bucket?: number) => string;
  log: Log;
  /** What this invocation has asked of the database and of Stripe so far, with the objects that worked for it. */
  cost: Readonly<{ queries: number; stripeCalls: number }>;
  settings: Settings;
  /** The request or run that this belongs to. */
  requestId: string;
  /** This run of a command, however often a lost race makes it begin anew. */
  runId: string;
  /** The idempotency claim that the committing batch must settle, if the request carries a key. */
  claim?: OpenClaim;
  /** What an operator says came of a call at Stripe that can end in no other way. */
  verdict?: Verdict;
  /** Performs a command under its key. Never called while a key is held: a lock is not re-entrant. */
  inOrder: <N extends CommandName>(command: Command<N>) => Promise<Result<Output<N>>>;
  /** Asks for commands to be performed soon. Losing the request costs delay only: the sweep finds the rows. */
  nudge: (commands: readonly Command[]) => Promise<void>;
  /** Hands on whom to tell soon, or after a while. Losing this, too, costs delay only. */
  dispatch: (errands: readonly Errand[], delaySeconds?: number) => Promise<void>;
}

/** How one call ended, as an operator has found out. */
export interface Verdict {
  effectId: string;
  operator: string;
  note: string;
  /** What Stripe has made, fetched and checked; undefined: nothing. */
  made: { id: string } | undefined;
}

export interface Settings {
  commissionBasisPoints: number;
  frontendUrl: string;
  merchantName: string;
  livemode: boolean;
  /** Whether payments may be made that Stripe converts to another currency. */
  convertedCurrencies: "allow" | "refuse";
  /** What experts' accounts are asked to be able to do. */
  expertCapabilities: readonly ExpertCapability[];
  /** How long a receiver has to accept a transfer. */
  transferWindowMs: number;
}

/** Structured log: one line of JSON an entry, no secrets. */
export interface Log {
  info: (event: string, facts?: Record<string, unknown>) => void;
  warn: (event: string, facts?: Record<string, unknown>) => void;
  error: (event: string, error: unknown, facts?: Record<string, unknown>) => void;
}
