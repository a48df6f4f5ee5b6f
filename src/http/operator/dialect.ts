import { equalSecrets } from "../../crypto/equal";
import { readAll } from "../../db/read-all";
import type { Held } from "../../domain/scope";
import { bearerToken } from "../bearer";
import { documented } from "../described";
import type { Dialect } from "../dialect";
import type { Edge } from "../edge";
import { problemDialect, problemRequestErrors } from "../problem/dialect";
import { type Session, sessionOf } from "./session";

/** The operator is known by the name of the token, which the journal records. The console's has a session. */
export type AdminCallers = { operator: { name: string; session?: Session } };

/** The scopes of a read token. */
const readOnly: Held = { scopes: ["read"], toChange: "write" };

/**
 * The operator API's contract adapter: problem details, named tokens from the environment. Without tokens the API does
 * not exist.
 */
export const adminDialect: Dialect<AdminCallers> = {
  ...problemDialect,
  name: "admin",
  showFacts: (facts) => facts,
  async authenticate(edge, headers, _access, reads) {
    if (edge.settings.adminTokens.length === 0) {
      return { ok: false, answer: { ...problemRequestErrors.path_unknown, code: "path_unknown" } };
    }
    const token = bearerToken(headers);
    const session = headers.has("Authorization") ? undefined : await sessionOf(edge, headers);
    const known = token === undefined ? undefined : operatorOf(edge, token);
    const name = session?.name ?? known?.name;
    if (name !== undefined) {
      const rows = await readAll(edge.deps.db, reads);
      const held = (session ? session.scope === "read" : known?.reads) && { held: readOnly };
      return { ok: true, caller: { name, ...(session && { session }) }, rows, allowed: true, ...held };
    }
    if (token !== undefined && !(await edge.shields.guesses("operator"))) {
      return { ok: false, answer: { ...problemRequestErrors.rate_limited, code: "rate_limited" } };
    }
    return { ok: false, answer: { ...problemRequestErrors.unauthenticated, code: "unauthenticated" } };
  },
  documented: documented(() => ({
    ...problemDialect.documented,
    // Without tokens, the operator's API does not exist.
    credentials: () => ({ security: [["operator"]], errors: { 401: ["unauthenticated"], 404: ["path_unknown"] } }),
  })),
  callerId: (caller) => `operator:${caller.name}`,
  ownerOf: () => undefined,
  who: ({ name }) => ({ kind: "operator", id: name }),
};

/** Compares with every token, so that the time tells nothing about which one matches. */
export function operatorOf(edge: Edge, token: string) {
  return edge.settings.adminTokens.filter((known) => equalSecrets(token, known.token))[0];
}
