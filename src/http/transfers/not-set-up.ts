import type { NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";

/** Makes the answer while a secret of the deployment is missing; the log says which one. */
export function notSetUp({ deps }: Edge, variable: string): { answer: NamedErrorResponse } {
  deps.log.warn("transfers_not_set_up", { missing: variable });
  return { answer: { status: 503, code: "SERVICE_UNAVAILABLE", text: "This is not set up here" } };
}
