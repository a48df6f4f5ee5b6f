import type { ViewTimelineResult } from "#operator";
import { decimalsOf, printMinor } from "../parts/amount";
import type { Tone } from "../parts/icon";
import { toneOfState } from "./tone";

type Raw = ViewTimelineResult["data"]["entries"][number];

/** The lanes of the diagram, from our decision to those who were told. */
export const lanes = {
  we: "We",
  out: "To Stripe",
  in: "From Stripe",
  ledger: "Ledger",
  told: "Told",
} as const;

export type Lane = keyof typeof lanes;
export const laneNames = Object.keys(lanes) as Lane[];

/** Something that happened, as the diagram and the table show it. */
export interface Entry {
  /** Its place in the API's answer, by which addresses name it. */
  index: number;
  at: string;
  lane: Lane;
  title: string;
  tone: Tone;
  /** The state in a word, beside its sign. */
  state: string;
  /** Why it failed, or who did it. */
  detail: string;
  amount?: { minor: number | string; currency: string };
  requestId?: string;
  aggregateId?: string;
  version?: number;
  raw: Raw;
}

const laneOfKind: Record<Raw["kind"], Lane> = {
  change: "we",
  stripe_call: "out",
  stripe_event: "in",
  posting: "ledger",
  event: "told",
  webhook: "told",
  delivery: "told",
  delivery_attempt: "told",
};

/** Makes entries of what the API answers, in its order. */
export function entriesOf(raws: readonly Raw[]): Entry[] {
  return raws.map((raw, index) => {
    const facts = raw as unknown as Record<string, unknown>;
    const base = { index, at: raw.at, lane: laneOfKind[raw.kind] ?? "we", raw };
    const entry: Entry = {
      ...base,
      title: String(raw.kind),
      tone: "good",
      state: "done",
      detail: "",
      ...shown(raw.kind, facts),
    };
    if (typeof facts.requestId === "string") entry.requestId = facts.requestId;
    if (typeof facts.aggregateId === "string") entry.aggregateId = facts.aggregateId;
    if (typeof facts.version === "number") entry.version = facts.version;
    return entry;
  });
}

type Shown = Partial<Pick<Entry, "title" | "tone" | "state" | "detail" | "amount">>;

function shown(kind: Raw["kind"], facts: Record<string, unknown>): Shown {
  const text = (name: string) =>
    typeof facts[name] === "string" || typeof facts[name] === "number" ? String(facts[name]) : "";
  switch (kind) {
    case "change":
      return { title: text("name"), detail: `by ${text("actor")}` };
    case "posting": {
      const minor = facts.amountMinor as number | string;
      const side = String(minor).startsWith("-") ? "credit" : "debit";
      return {
        title: text("account"),
        state: side,
        detail: text("reference"),
        amount: { minor, currency: text("currency") },
      };
    }
    case "stripe_call":
      return { title: text("call"), ...toneOfCall(facts, text("state")), detail: callDetail(facts, text) };
    case "stripe_event":
      return { title: text("type"), ...toneOfState(text("state")), detail: text("failure") || text("note") };
    case "event":
      return { title: text("type"), state: "written", detail: "" };
    case "webhook":
      return {
        title: text("eventType"),
        ...toneOfState(text("state")),
        detail: `to ${text("applicationName")} ${text("lastError")}`,
      };
    case "delivery":
      return { title: text("type"), ...toneOfState(text("state")), detail: `delivery to ${text("endpointId")}` };
    default:
      return attempt(facts, text);
  }
}

/** An open call that has failed before is doubtful: nobody knows yet whether Stripe has done it. */
function toneOfCall({ attempts }: Record<string, unknown>, state: string) {
  return state === "open" && Number(attempts) > 0 ? { tone: "warn" as const, state: "unknown" } : toneOfState(state);
}

function callDetail(facts: Record<string, unknown>, text: (name: string) => string): string {
  const generation = Number(facts.generation) > 0 ? `generation ${text("generation")}` : "";
  const attempts = Number(facts.attempts) > 0 ? `${text("attempts")} failed attempts` : "";
  return [generation, attempts, text("failure"), text("resultId")].filter(Boolean).join(", ");
}

function attempt(facts: Record<string, unknown>, text: (name: string) => string): Shown {
  const isDone = facts.outcome === "delivered";
  const detail = [text("outcome"), text("status"), `in ${text("durationMs")} ms`, text("excerpt")]
    .filter(Boolean)
    .join(", ");
  return {
    title: `attempt ${text("number")}`,
    tone: isDone ? "good" : "bad",
    state: isDone ? "delivered" : "failed",
    detail,
  };
}

/** The choice of what a timeline shows, as the address tells it. */
export interface Choice {
  lanes: readonly Lane[];
  failedOnly: boolean;
}

export function choiceIn(query: URLSearchParams): Choice {
  const named = query.get("lanes")?.split(",");
  const chosen = named ? laneNames.filter((lane) => named.includes(lane)) : laneNames;
  return { lanes: chosen.length > 0 ? chosen : laneNames, failedOnly: query.get("only") === "failed" };
}

export function chosen(entries: readonly Entry[], { lanes: shownLanes, failedOnly }: Choice): Entry[] {
  return entries.filter(
    ({ lane, tone }) => shownLanes.includes(lane) && (!failedOnly || tone === "bad" || tone === "warn"),
  );
}

/** The ledger lines of one change. */
export function linesOf(entries: readonly Entry[], { aggregateId, version }: Entry): Entry[] {
  return entries.filter(
    ({ lane, ...line }) => lane === "ledger" && line.aggregateId === aggregateId && line.version === version,
  );
}

/** The version of the last change of an aggregate, which an action is about. */
export function versionOf(entries: readonly Entry[], aggregateId: string): number {
  return Math.max(
    0,
    ...entries.flatMap((one) => (one.lane === "we" && one.aggregateId === aggregateId ? (one.version ?? 0) : 0)),
  );
}

export function amountText({ amount }: Entry): string {
  if (!amount) return "";
  const { minor, currency } = amount;
  return `${printMinor(String(minor).replace("-", ""), decimalsOf(currency))} ${currency.toUpperCase()}`;
}
