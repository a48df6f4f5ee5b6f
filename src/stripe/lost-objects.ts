import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { onAccount } from "./on-account";
import type { PageRequest } from "./read-list";

/** A list at Stripe that may contain objects of ours. */
export type LostList = "accounts" | "sessions" | "intents" | "transfers" | "refunds";

/** An object as Stripe lists it: its id, and the ids that lead to its owner. */
export interface LostObject {
  id: string;
  metadata: Record<string, string>;
  /** The PaymentIntent that the object is, or that it belongs to. */
  paymentIntentId: string | null;
  transferGroup: string | null;
}

/** One page of a list, newest first. */
export interface LostPage {
  objects: LostObject[];
  /** The id of the page's last object, after which the next page begins; null on the last page. */
  after: string | null;
}

type Raw = { id: string; created?: number; metadata?: Stripe.Metadata | null } & Partial<{
  object: string;
  payment_intent: string | { id: string } | null;
  transfer_group: string | null;
}>;

/** Small, because each object may need several calls to Stripe while an operator waits for the answer. */
const pageSize = 25;

/**
 * Reads one page of the objects that were made in a span of time: on the platform, or on the connected account that
 * `accountId` names by its id at Stripe.
 */
export async function readLostPage(
  stripe: StripeGateway,
  list: LostList,
  { fromSeconds, endSeconds, after }: ListPosition,
  accountId?: string,
): Promise<StripeOutcome<LostPage>> {
  const page = { limit: pageSize, created: { gte: fromSeconds, lte: endSeconds } };
  const request = requests(accountId)[list];
  const read = await stripe.callWithoutId<Stripe.ApiList<Raw>>("list", (sdk) =>
    request(sdk, after === null ? page : { ...page, starting_after: after }),
  );
  if (!read.ok) return read;
  const { data, has_more: hasMore } = read.value;
  return { ok: true, value: { objects: data.map(factsOf), after: hasMore ? (data.at(-1)?.id ?? null) : null } };
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
