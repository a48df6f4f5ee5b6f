import { appendFileSync } from "node:fs";
import type { Person } from "../../journey.ts";
import type { Transaction } from "../../shop.ts";
import type { Tenant } from "../../transfers-journey.ts";

/** Everything that was acknowledged, and everything that got no answer. Lives outside of what is killed. */
export interface Evidence {
  people: Person[];
  testimonies: Testimony[];
  payoutAccounts: Person[];
  payments: PaymentStory[];
  transfers: TransferStory[];
  unanswered: Unanswered[];
  /** Answers that nothing explains: each one is a finding. */
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
  /** `waiting`: somebody may go on with it. `taken`: somebody does, or did when the power went. */
  story: "waiting" | "taken" | "over";
}

export interface Session {
  id: string;
  url: string;
  offerId: string;
  paid: boolean;
  accepted: boolean;
}

/** A payment whose creation was answered, and what else was. */
export interface PaymentStory extends Transaction {
  /** As the last answer said; undefined while nobody has confirmed it. */
  status?: string;
  capturedMinor?: number;
  refunds: { id: string; amountMinor: number }[];
}

/** A transfer whose initiation was answered, and as what it was answered to have ended. */
export interface TransferStory {
  reference: string;
  sender: Tenant;
  receiver: Tenant;
  /** Its amount, in units of the fourth decimal. */
  units: number;
  ends: string[];
}

/** A request whose answer was cut off. Sent again with the same key and body, it must be answered as if nothing had been. */
export interface Unanswered {
  what: string;
  again: () => Promise<unknown>;
}

/** No answer came: the work may be done or not. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

/** Keeps the evidence in memory, and every line of it in a file at once: a failed run can be read afterwards. */
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
