import type { Tag } from "../../../src/db/transfers/applications";
import type { PerformDeps } from "../../../src/operations/operations";
import { must, type Tenant } from "../../tenant";

/** Adds another tag of an application, for another subject. */
export async function addTag(deps: PerformDeps, { id: applicationId }: Tenant, tagString: string): Promise<Tag> {
  const person = { displayName: null, email: null, imageUrl: null, metadata: null };
  const input = { applicationId, externalId: tagString, ...person };
  const { id: subjectId } = await must(deps, { name: "create-subject", input });
  return must(deps, { name: "create-tag", input: { applicationId, subjectId, tagString } });
}
