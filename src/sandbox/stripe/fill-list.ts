import type { FillableKind } from "../core/fills";
import { invalid } from "../core/refusal";
import { API_VERSION } from "../core/version";
import type { World } from "../core/world";

const KINDS = {
  accounts: "account",
  balance_transactions: "balance_transaction",
  checkout_sessions: "checkout.session",
  customers: "customer",
  events: "event",
  payment_intents: "payment_intent",
} as const satisfies Record<string, FillableKind>;

/** The lists that can be filled to any length. */
export const FILLABLE_LISTS = Object.keys(KINDS) as (keyof typeof KINDS)[];

export interface FillOrder {
  list: keyof typeof KINDS;
  /** The owner of the list; empty for the platform. */
  account: string;
  /** The type of events or balance transactions. */
  type: string | null;
  count: number;
  fromSeconds: number;
  toSeconds: number;
}

/**
 * Fills a list with entries that resemble its newest real one, without its metadata; events are about unknown objects.
 * They move no money: a filled-in balance transaction changes no balance.
 */
export function fillList(world: World, { list, type, ...span }: FillOrder): object {
  const kind = KINDS[list];
  const template =
    kind === "event" ? eventOf(type ?? "charge.refunded", span.account) : newest(world, kind, type, span);
  world.objects.fills.add({ kind, ...span, template });
  return { list, ...span };
}

function newest(
  world: World,
  kind: Exclude<FillableKind, "event">,
  type: string | null,
  { account }: { account: string },
): object {
  const paging = { limit: 1, startingAfter: null, endingBefore: null };
  const [found] = world.objects.page(kind, account, { type }, {}, paging).data;
  if (!found) {
    throw invalid("kind", "There must be one already: the others will look like it.");
  }
  // Stripe's own bills name no object.
  return { ...found, ...(kind === "balance_transaction" ? {} : { metadata: {} }) };
}

function eventOf(type: string, account: string): object {
  return {
    object: "event",
    ...(account !== "" && { account }),
    api_version: API_VERSION,
    data: { object: { id: "filled_in", object: type.split(".")[0], metadata: {} } },
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: null },
    type,
  };
}
