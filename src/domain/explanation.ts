import {
  type Doer,
  type ExplainedKind,
  type ExplanationCode,
  explanationRules,
  type NextCode,
  type Rule,
} from "./explanation-rules";

/** A request that helps: who may send it, and what it is. */
export interface Call {
  who: Doer;
  operationId: string;
  method: string;
  path: string;
}

/** The reason for which something has not ended, what happens next by itself, and what somebody can do. */
export interface Explanation {
  code: ExplanationCode;
  since: number;
  next: { code: NextCode; at: number | null } | null;
  call: Call | null;
}

/** The facts of one row that an explanation is printed with. */
export interface ExplainedFacts {
  since: number;
  /** The time at which it is looked at again, or decided. */
  at?: number | null | undefined;
  ids: Record<string, string | null | undefined>;
}

/**
 * Explains a state of something. Returns undefined for a final state, which needs no explanation. A call whose path
 * names what does not exist yet is left out.
 */
export function explain(
  kind: ExplainedKind,
  state: string,
  { since, at = null, ids }: ExplainedFacts,
): Explanation | undefined {
  const rule = (explanationRules[kind] as Record<string, Rule>)[state];
  if (!rule) return undefined;
  const [next, call] = rule;
  const [method = "", template = ""] = call?.[2].split(" ") ?? [];
  const names = [...template.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const isWhole = names.every((name) => typeof ids[name] === "string");
  return {
    code: `${kind}_${state}` as ExplanationCode,
    since,
    next: next && { code: next, at },
    call:
      call && isWhole
        ? {
            who: call[0],
            operationId: call[1],
            method,
            path: `/api/v1${template.replace(/:(\w+)/g, (_, name: string) => `${ids[name]}`)}`,
          }
        : null,
  };
}
