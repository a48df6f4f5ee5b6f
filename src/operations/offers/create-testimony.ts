import { insertTestimony, type Testimony } from "../../db/offers/testimonies";
import { bucketOf } from "../../domain/id";
import type { Result } from "../../domain/result";
import { success } from "../../domain/result";
import { appendChange } from "../change";
import type { Input, Output } from "../commands";
import type { Deps } from "../deps";

/** Creates a request for an expert opinion, in the shard of its client. */
export async function createTestimony(
  deps: Deps,
  { caller, purpose, realEstate, region, notes }: Input<"create-testimony">,
): Promise<Result<Output<"create-testimony">>> {
  const testimony: Testimony = {
    id: deps.newId(bucketOf(caller.id)),
    state: "pending",
    clientId: caller.id,
    expertId: null,
    acceptedOfferId: null,
    priceMinor: null,
    purpose,
    region,
    realEstate,
    notes,
    cancellationReason: null,
    createdAt: deps.nowMs(),
  };
  const answer = success({ testimony, client: caller });
  await appendChange(
    deps,
    { aggregateId: testimony.id, tenant: caller.id, version: 0, sequence: 0 },
    {
      name: "create-testimony",
      actor: "client",
      rows: [insertTestimony(deps.db, testimony)],
      answer,
    },
  );
  return answer;
}
