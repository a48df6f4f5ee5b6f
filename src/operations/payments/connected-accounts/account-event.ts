import type { ConnectedAccount } from "../../../db/payments/connected-accounts";

/** Makes the event that tells the developer a connected account's present state. */
export function accountEvent({ stripeId, state, requirements }: ConnectedAccount) {
  return { type: "account.updated", data: { accountId: stripeId ?? "", state, requirements } } as const;
}
