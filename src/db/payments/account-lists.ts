import { and, eq, inArray, isNotNull, ne, type SQL, sql } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isIdCreatedIn, type Part } from "../cursor-page";
import type { Database } from "../database";
import { lookThrough, readLooked } from "../look-through";
import { stripeObjects } from "../schema";
import type { ConnectedAccount } from "./connected-accounts";
import { connectedAccounts } from "./developer-tables";

/** The filters of a list of a developer's accounts. */
export interface AccountFilter extends CreatedRange {
  developerId: string;
  state?: ConnectedAccount["state"] | undefined;
  email?: string | undefined;
}

/**
 * Reads a page of a developer's accounts, by cursor, which is Stripe's id of one. Accounts that were deleted or never
 * made are left out. Returns undefined if the cursor is no account of the developer.
 */
export function pageOfAccounts(
  db: Database,
  filter: AccountFilter,
  page: CursorPage,
): Promise<Part<ConnectedAccount> | undefined> {
  const { id, state } = connectedAccounts;
  const named = (stripeId: string) => ofStripeId(db, filter.developerId, stripeId);
  const rows = lookThrough(db, connectedAccounts, page, {
    key: [id],
    place: page.cursor && sql`${named(page.cursor.id)}`,
    owned: isListed(filter),
    matches: filter.state === undefined ? undefined : eq(state, filter.state),
  });
  return readLooked<ConnectedAccount>(db, page, { named, rows }, ({ stripeId }) => stripeId ?? "");
}

function isListed({ developerId, email, ...created }: AccountFilter): SQL | undefined {
  const { id, stripeId, state, createdAt } = connectedAccounts;
  return and(
    eq(connectedAccounts.developerId, developerId),
    email === undefined ? undefined : eq(connectedAccounts.email, email.toLowerCase()),
    isNotNull(stripeId),
    ne(state, "deleted"),
    isIdCreatedIn(id, createdAt, created),
  );
}

/** Statement: our id of the developer's account with this id at Stripe, deleted or not. */
function ofStripeId(db: Database, developerId: string, stripeId: string) {
  const { id } = connectedAccounts;
  const { aggregateId } = stripeObjects;
  const known = db.select({ aggregateId }).from(stripeObjects).where(eq(stripeObjects.stripeId, stripeId));
  return db
    .select({ id })
    .from(connectedAccounts)
    .where(
      and(inArray(id, known), eq(connectedAccounts.stripeId, stripeId), eq(connectedAccounts.developerId, developerId)),
    );
}
