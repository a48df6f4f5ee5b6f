import * as z from "zod";
import type { ConnectedAccount } from "../../db/payments/connected-accounts";
import { type AccountDetails, accountStates, isStanding } from "../../domain/account";
import { forDescription } from "../described";

const remembered = forDescription(() => ({
  account_id: z.string(),
  email: z.string().nullable(),
  created: z.int().meta({ description: "Unix seconds." }),
  status: z.enum(accountStates).meta({
    description:
      "`ready`: it takes payments. `incomplete`: the holder must act. `under_review`: Stripe looks at it. `paused`: only Stripe can change it. `gone`: it was deleted at Stripe, or its holder took our access away.",
  }),
  requirements: z.array(z.string()).meta({ description: "What Stripe still wants to know of the holder." }),
}));

/** An account in a list: its state when Stripe was asked last. */
export const accountSummary = forDescription(() =>
  z
    .strictObject({ ...remembered, country: z.string(), checked_at: z.iso.datetime().nullable() })
    .meta({ id: "ConnectedAccountSummary" }),
);

/** An account as it is at Stripe at this moment. */
export const accountObject = forDescription(() =>
  z
    .strictObject({
      account_id: z.string(),
      metadata: z.record(z.string(), z.string()),
      email: z.string().nullable(),
      capabilities: z.record(z.string(), z.string()),
      created: remembered.created,
      dashboard_name: z.string().nullable(),
      status: remembered.status,
      requirements: remembered.requirements,
      charges_enabled: z.boolean(),
      payouts_enabled: z.boolean(),
    })
    .meta({ id: "ConnectedAccount" }),
);

export function toAccountSummary(account: ConnectedAccount): z.output<typeof accountSummary> {
  const { stripeId, email, createdAt, requirements, country, checkedAt } = account;
  return {
    account_id: stripeId ?? "",
    email,
    created: Math.floor(createdAt / 1000),
    status: statusOf(account),
    requirements,
    country,
    checked_at: checkedAt === null ? null : new Date(checkedAt).toISOString(),
  };
}

/** Prints an account. Without details, Stripe does not show us the account any more, and our own record is printed. */
export function toAccount(account: ConnectedAccount, details: AccountDetails | null): z.output<typeof accountObject> {
  const { stripeId, developerId, email, createdAt, requirements } = account;
  return {
    account_id: stripeId ?? "",
    metadata: details?.metadata ?? { developer_id: developerId },
    email: details ? details.email : email,
    capabilities: details?.capabilities ?? {},
    created: details?.createdAtSeconds ?? Math.floor(createdAt / 1000),
    dashboard_name: details?.displayName ?? null,
    status: statusOf(account),
    requirements,
    charges_enabled: details?.chargesEnabled ?? false,
    payouts_enabled: details?.payoutsEnabled ?? false,
  };
}

/** Returns the printed state. An account that is being made or deleted waits for Stripe. */
function statusOf({ state }: ConnectedAccount) {
  return isStanding(state) ? state : "paused";
}
