import { insertTestimony, type Testimony } from "../../db/offers/testimonies";
import type { User } from "../../db/offers/users";
import { bucketOf } from "../../domain/id";
import { type Result, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Recall } from "../operation";

/** `caller` is the user that the token belongs to, and becomes part of the answer. */
interface NewTestimony {
  caller: User;
  purpose: string;
  realEstate: Record<string, unknown>;
  region: string | null;
  notes: string | null;
}

interface Created {
  testimony: Testimony;
  client: User;
}

/** The client's texts are in the request, and the client is who asks. */
export const recallTestimony: Recall<NewTestimony, Created> = {
  keep: ({ testimony: { realEstate: _, notes: __, ...testimony } }) => ({ testimony }),
  again: ({ testimony }, { caller, realEstate, notes }) => ({
    testimony: { ...testimony, realEstate, notes },
    client: caller,
  }),
};

/** Creates a request for an expert opinion, in the shard of its client. */
export async function createTestimony(
  deps: Deps,
  { caller, purpose, realEstate, region, notes }: NewTestimony,
): Promise<Result<Created>> {
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
      rows: [insertTestimony(deps.db, testimony, deps.settings.openRows.testimonies)],
      answer,
    },
  );
  return answer;
}
