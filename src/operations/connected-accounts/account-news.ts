import type { ConnectedAccount } from "../../db/connected-accounts";

/** Makes the event that tells the developer a connected account's present state. */
export function accountNews({ stripeId, state, requirements }: ConnectedAccount) {
  return { type: "account.updated", data: { accountId: stripeId ?? "", state, requirements } } as const;
}
