import type { Statement } from "../../db/database";
import { operatorAudience } from "../../domain/webhooks/event";
import { bearerToken } from "../bearer";
import { documented } from "../described";
import type { Authenticated, Dialect, NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";
import { adminDialect } from "../operator/dialect";
import { authenticateIdentity, showsIdentity } from "../payments/auth";
import { problemRequestErrors } from "../problem/dialect";
import { authenticateApplication } from "../transfers/auth";

/** The credential determines the owner of the endpoints; `actor` is the caller, for the journal. */
export type OwnerCallers = { owner: { owner: string; actor: string } };

type Known<L extends readonly Statement[]> = Promise<Authenticated<OwnerCallers["owner"], L>>;

/**
 * The adapter of webhook endpoints, which belong to no contract: problem details, and another owner's endpoints count
 * as unknown.
 */
export const webhooksDialect: Dialect<OwnerCallers> = {
  ...adminDialect,
  name: "webhooks",
  authenticate: (edge, headers, _access, reads) => {
    if (showsIdentity(headers)) return asDeveloper(edge, headers, reads);
    return showsApplication(headers) ? asApplication(edge, headers, reads) : asOperator(edge, headers, reads);
  },
  documented: documented(() => ({
    ...adminDialect.documented,
    credentials: () => ({
      security: [["operator"], ["developerToken"], ["applicationToken"]],
      errors: { 401: ["unauthenticated", "token_expired"], 403: ["application_inactive"], 404: ["path_unknown"] },
    }),
  })),
  callerId: (caller) => caller.actor,
  ownerOf: ({ owner: id, actor }) => {
    const kind = actor.split(":")[0];
    return kind === "developer" || kind === "application" ? { kind, id } : undefined;
  },
  who({ actor }) {
    const [kind = "", id = ""] = actor.split(":");
    return { kind, id };
  },
};

async function asDeveloper<const L extends readonly Statement[]>(edge: Edge, headers: Headers, reads: L): Known<L> {
  const known = await authenticateIdentity(edge, headers, "developer", reads);
  if (!known.ok) return known;
  const { id } = known.caller.developer;
  return { ...known, caller: { owner: id, actor: `developer:${id}` } };
}

/** Tells whether a token is an application's: a JWT, whose first part is an encoded JSON object. */
function showsApplication(headers: Headers): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(bearerToken(headers) ?? "");
}

async function asApplication<const L extends readonly Statement[]>(edge: Edge, headers: Headers, reads: L): Known<L> {
  const known = await authenticateApplication(edge, headers, "application", reads);
  if (!known.ok) return { ok: false, answer: inOurWords(known.answer) };
  const { id } = known.caller;
  return { ...known, caller: { owner: id, actor: `application:${id}` } };
}

/** Gives answers of a contract these routes' own names, because they belong to no contract. */
function inOurWords(answer: NamedErrorResponse): NamedErrorResponse {
  const { unauthenticated, rate_limited } = problemRequestErrors;
  if (answer.status === 429) return { ...rate_limited, code: "rate_limited" };
  if (answer.code === "UNAUTHORIZED") return { ...unauthenticated, code: "unauthenticated" };
  return answer.code === "TOKEN_EXPIRED"
    ? { ...answer, code: "token_expired" }
    : { ...answer, code: "application_inactive" };
}

async function asOperator<const L extends readonly Statement[]>(edge: Edge, headers: Headers, reads: L): Known<L> {
  const known = await adminDialect.authenticate(edge, headers, "operator", reads);
  if (!known.ok) return known;
  return { ...known, caller: { owner: operatorAudience, actor: `operator:${known.caller.name}` } };
}
