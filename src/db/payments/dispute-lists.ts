import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isCreatedIn, type Part } from "../cursor-page";
import type { Database } from "../database";
import { lookThrough, readLooked } from "../look-through";
import { idsOfOrder, isOfPayment, type PaymentFacts, paymentFacts } from "./payment-facts";
import type { PaymentDispute } from "./payments";
import { paymentDisputes, payments } from "./tables";

/** The filters of a list of an app's disputes. */
export interface DisputeFilter extends CreatedRange {
  developerId: string;
  appId: string;
  orderId?: string | undefined;
  userId?: string | undefined;
  /** The account's id at Stripe. */
  accountId?: string | undefined;
  state?: PaymentDispute["state"] | undefined;
}

/** A dispute with what is shown of its payment. */
export interface ListedDispute {
  dispute: PaymentDispute;
  payment: PaymentFacts;
}

/**
 * Reads a page of an app's disputes, in the order in which we heard of them, by cursor, which is Stripe's id of one.
 * Returns undefined if it is no dispute of the app.
 */
export function pageOfPaymentDisputes(
  db: Database,
  filter: DisputeFilter,
  page: CursorPage,
): Promise<Part<ListedDispute> | undefined> {
  const { createdAt, stripeId, paymentId, state } = paymentDisputes;
  const named = (id: string) => placeOf(db, filter.appId, id);
  const isOfState = filter.state === undefined ? undefined : eq(state, filter.state);
  const looking = {
    key: [filter.orderId === undefined ? createdAt : sql`+${createdAt}`, stripeId],
    place: page.cursor && sql`${named(page.cursor.id)}`,
    owned: isListed(db, filter),
    matches: and(isOfState, isOfPayment(filter)),
    joined: [{ table: payments, on: eq(payments.id, paymentId) }],
  };
  const fields = { dispute: paymentDisputes, payment: paymentFacts };
  const rows = lookThrough<typeof paymentDisputes, ListedDispute>(db, paymentDisputes, page, looking, fields);
  return readLooked<ListedDispute>(db, page, { named, rows }, ({ dispute }) => dispute.stripeId);
}

/** Statement: the disputes with this id at Stripe, of any app. */
export function selectPaymentDisputes(db: Database, stripeId: string) {
  const { paymentId } = paymentDisputes;
  return db
    .select({ dispute: paymentDisputes, payment: paymentFacts })
    .from(paymentDisputes)
    .innerJoin(payments, eq(payments.id, paymentId))
    .where(eq(paymentDisputes.stripeId, stripeId));
}

/** The plus keeps SQLite from reading all disputes of the app instead of the one. */
function placeOf(db: Database, appId: string, id: string) {
  const { createdAt, stripeId } = paymentDisputes;
  return db
    .select({ createdAt, stripeId })
    .from(paymentDisputes)
    .where(and(eq(stripeId, id), eq(sql`+${paymentDisputes.appId}`, appId)));
}

/** The list that an index serves. */
function isListed(db: Database, { developerId, appId, orderId, ...created }: DisputeFilter): SQL | undefined {
  const { paymentId, createdAt } = paymentDisputes;
  const isOfList =
    orderId === undefined
      ? eq(paymentDisputes.appId, appId)
      : inArray(paymentId, idsOfOrder(db, { developerId, appId, orderId }));
  return and(isOfList, isCreatedIn(createdAt, created));
}
