import { type TargetProblem, targetProblem } from "../../domain/webhooks/target";
import type { NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";

const words: Record<TargetProblem, string> = {
  not_a_url: "must be a URL",
  scheme_forbidden: "must begin with https://",
  credentials_forbidden: "must not hold a user name or password",
  port_forbidden: "must use the port of https",
  address_literal_forbidden: "must name a host, not an address",
  name_forbidden: "must name a public host",
};

/** Returns a 400 for an address to which nothing is ever sent; undefined for an allowed or missing one. */
export function refuseTarget(
  edge: Edge,
  field: string,
  url: string | null | undefined,
): { answer: NamedErrorResponse } | undefined {
  const problem = url ? targetProblem(url, { loopbackAllowed: edge.settings.loopbackAllowed }) : undefined;
  return problem && { answer: { status: 400, code: "VALIDATION_ERROR", text: `${field} ${words[problem]}`, field } };
}
