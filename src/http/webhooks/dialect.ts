import type { Statement } from "../../db/database";
import { operatorAudience } from "../../domain/event";
import { adminDialect } from "../admin/dialect";
import type { Authenticated, Dialect } from "../dialect";
import type { Edge } from "../edge";
import { authenticateIdentity, showsIdentity } from "../payments/auth";

/** Whose endpoints they are follows from the credential; `actor` is who asks, for the journal. */
export type OwnerCallers = { owner: { owner: string; actor: string } };

type Known<L extends readonly Statement[]> = Promise<Authenticated<OwnerCallers["owner"], L>>;

/** Webhook endpoints belong to no contract: problem details, and nobody sees another owner's (decisions X3, X10). */
export const webhooksDialect: Dialect<OwnerCallers> = {
  ...adminDialect,
  name: "webhooks",
  authenticate: (edge, headers, _access, reads) =>
    showsIdentity(headers) ? asDeveloper(edge, headers, reads) : asOperator(edge, headers, reads),
  credentials: () => ({ security: [["operator"], ["developerToken"]], statuses: [401, 403] }),
  callerId: (caller) => caller.actor,
};

async function asDeveloper<const L extends readonly Statement[]>(edge: Edge, headers: Headers, reads: L): Known<L> {
  const known = await authenticateIdentity(edge, headers, "developer", reads);
  if (!known.ok) return known;
  const { id } = known.caller.developer;
  return { ...known, caller: { owner: id, actor: `developer:${id}` } };
}

async function asOperator<const L extends readonly Statement[]>(edge: Edge, headers: Headers, reads: L): Known<L> {
  const known = await adminDialect.authenticate(edge, headers, "operator", reads);
  if (!known.ok) return known;
  return { ...known, caller: { owner: operatorAudience, actor: `operator:${known.caller.name}` } };
}
