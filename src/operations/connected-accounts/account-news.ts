import type { ConnectedAccount } from "../../db/connected-accounts";

/** What a developer is told of a connected account: how it stands now. */
export function accountNews({ stripeId, state, requirements }: ConnectedAccount) {
  return { type: "account.updated", data: { accountId: stripeId ?? "", state, requirements } } as const;
}
