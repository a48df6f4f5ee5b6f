import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeFailure } from "./failure";
import { onAccount } from "./on-account";
import { type PageRequest, readList } from "./read-list";

/** A list of Stripe's that what we have made may be in. */
export type LostList = "accounts" | "sessions" | "intents" | "transfers" | "refunds";

/** An object as it is listed: by what it names, its owner is found. */
export interface LostObject {
  id: string;
  metadata: Record<string, string>;
  /** The payment that it is, or is about. */
  paymentIntentId: string | null;
  transferGroup: string | null;
}

/** One page of a list: what is in it, newest first, and what it was read up to; null where it was the last. */
export interface LostPage {
  objects: LostObject[];
  after: string | null;
  failure: StripeFailure | null;
}

type Raw = { id: string; created?: number; metadata?: Stripe.Metadata | null } & Partial<{
  object: string;
  payment_intent: string | { id: string } | null;
  transfer_group: string | null;
}>;

/** Reads one page of what was made in a span of time, on the platform or, with `accountId`, on a connected account. */
export async function readLostPage(
  stripe: StripeGateway,
  list: LostList,
  span: ListPosition,
  accountId?: string,
): Promise<LostPage> {
  const objects: LostObject[] = [];
  const request = requests(accountId)[list];
  const { rest, failure } = await readList<Raw>(stripe, request, span, 1, (page) => {
    objects.push(...page.map(factsOf));
    return false;
  });
  return { objects, after: rest?.after ?? null, failure };
}

function requests(accountId = ""): Record<LostList, PageRequest<Raw>> {
  const on = onAccount(accountId);
  return {
    accounts: (sdk, page) => sdk.accounts.list(page),
    sessions: (sdk, page) => sdk.checkout.sessions.list(page),
    intents: (sdk, page) => sdk.paymentIntents.list(page, on),
    transfers: (sdk, page) => sdk.transfers.list(page),
    refunds: (sdk, page) => sdk.refunds.list(page, on),
  };
}

function factsOf({ id, object, metadata, payment_intent: intent, transfer_group: group }: Raw): LostObject {
  const paymentIntentId = typeof intent === "string" ? intent : (intent?.id ?? null);
  return {
    id,
    metadata: metadata ?? {},
    paymentIntentId: object === "payment_intent" ? id : paymentIntentId,
    transferGroup: group ?? null,
  };
}
