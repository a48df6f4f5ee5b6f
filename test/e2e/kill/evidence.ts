import { appendFileSync } from "node:fs";
import type { Person } from "../../journey.ts";
import type { Transaction } from "../../shop.ts";
import type { Tenant } from "../../transfers-journey.ts";

/** All acknowledged facts, and all requests without an answer, outside of what is killed. */
export interface Evidence {
  people: Person[];
  testimonies: Testimony[];
  payoutAccounts: Person[];
  payments: PaymentStory[];
  transfers: TransferStory[];
  unanswered: Unanswered[];
  /** Unexplained answers: each one is a finding. */
  surprises: string[];
}

export interface Testimony {
  id: string;
  client: Person;
  offerIds: string[];
  bidders: Person[];
  sessions: Session[];
  cancelled: boolean;
  completed: boolean;
  /** `waiting`: anybody may continue it. `taken`: somebody does, or did at the kill. */
  story: "waiting" | "taken" | "over";
}

export interface Session {
  id: string;
  url: string;
  offerId: string;
  paid: boolean;
  accepted: boolean;
}

/** A payment whose creation was answered, with its later answers. */
export interface PaymentStory extends Transaction {
  /** The status of the last answer; undefined while nobody has confirmed it. */
  status?: string;
  capturedMinor?: number;
  refunds: { id: string; amountMinor: number }[];
}

/** A transfer whose initiation was answered, with the ends that were answered. */
export interface TransferStory {
  reference: string;
  sender: Tenant;
  receiver: Tenant;
  /** Its amount, in units of the fourth decimal. */
  units: number;
  ends: string[];
}

/**
 * A request whose answer was cut off. When it is sent again with the same key and body, it must be answered as if
 * nothing had happened.
 */
export interface Unanswered {
  what: string;
  again: () => Promise<unknown>;
}

/** Says that no answer came: the work may be done or not. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

/**
 * Keeps the evidence in memory, and writes every line of it into a file at once, so that a failed run can be read
 * afterwards.
 */
export function evidence(logFile: string): Evidence & { note(what: string, facts: object): void; lines(): number } {
  let lines = 0;
  return {
    people: [],
    testimonies: [],
    payoutAccounts: [],
    payments: [],
    transfers: [],
    unanswered: [],
    surprises: [],
    note: (what, facts) => {
      appendFileSync(logFile, `${JSON.stringify({ atMs: Date.now(), what, ...facts })}\n`);
      lines += 1;
    },
    lines: () => lines,
  };
}
