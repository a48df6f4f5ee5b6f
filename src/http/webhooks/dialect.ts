import { operatorAudience } from "../../domain/event";
import { adminDialect } from "../admin/dialect";
import type { Dialect } from "../dialect";

/** Whose endpoints they are follows from the credential; `actor` is who asks, for the journal. */
export type OwnerCallers = { owner: { owner: string; actor: string } };

/** Webhook endpoints belong to no contract: problem details, and nobody sees another owner's (decisions X3, X10). */
export const webhooksDialect: Dialect<OwnerCallers> = {
  ...adminDialect,
  name: "webhooks",
  async authenticate(edge, headers, _access, reads) {
    const known = await adminDialect.authenticate(edge, headers, "operator", reads);
    if (!known.ok) return known;
    return { ...known, caller: { owner: operatorAudience, actor: `operator:${known.caller.name}` } };
  },
  credentials: () => ({ security: [["bearer"]], statuses: [401, 403] }),
  callerId: (caller) => caller.actor,
};
