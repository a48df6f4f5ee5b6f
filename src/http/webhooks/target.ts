import { type TargetProblem, targetProblem } from "../../domain/webhooks/target";
import type { Edge } from "../edge";
import type { Reply } from "../route";

const words: Record<TargetProblem, string> = {
  not_a_url: "The url is not a URL.",
  scheme_forbidden: "The url must begin with https://.",
  credentials_forbidden: "The url must not hold a user name or password.",
  port_forbidden: "The url must use the port of https.",
  address_literal_forbidden: "The url must name a host, not an address.",
  name_forbidden: "The url must name a public host.",
};

/** Returns a 422 for a target that is never contacted; undefined for an allowed one. */
export function refuseTarget(edge: Edge, url: string | undefined): Reply | undefined {
  if (url === undefined) return undefined;
  const problem = targetProblem(url, { loopbackAllowed: edge.settings.loopbackAllowed });
  return problem && { answer: { status: 422, text: words[problem], code: `target_${problem}`, field: "url" } };
}
