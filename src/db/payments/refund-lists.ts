import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isCreatedIn, isIdCreatedIn, type Part } from "../cursor-page";
import type { Database } from "../database";
import { lookThrough, readLooked } from "../look-through";
import { idsOfOrder, isOfPayment, type PaymentFacts, paymentFacts } from "./payment-facts";
import type { PaymentRefund } from "./payments";
import { paymentRefunds, payments } from "./tables";

/** The filters of a list of an app's refunds. */
export interface RefundFilter extends CreatedRange {
  developerId: string;
  appId: string;
  orderId?: string | undefined;
  userId?: string | undefined;
  /** The account's id at Stripe. */
  accountId?: string | undefined;
  states?: readonly PaymentRefund["state"][] | undefined;
}

/** A refund with what is shown of its payment. */
export interface ListedRefund {
  refund: PaymentRefund;
  payment: PaymentFacts;
}

/** Reads a page of an app's refunds, by cursor. Returns undefined if it is no refund of the app. */
export function pageOfPaymentRefunds(
  db: Database,
  filter: RefundFilter,
  page: CursorPage,
): Promise<Part<ListedRefund> | undefined> {
  const { id, appId, paymentId } = paymentRefunds;
  const looking = {
    key: [filter.orderId === undefined ? id : sql`+${id}`],
    owned: isListed(db, filter),
    matches: matches(filter),
    joined: [{ table: payments, on: eq(payments.id, paymentId) }],
  };
  const fields = { refund: paymentRefunds, payment: paymentFacts };
  const rows = lookThrough<typeof paymentRefunds, ListedRefund>(db, paymentRefunds, page, looking, fields);
  const named = (name: string) =>
    db
      .select({ id })
      .from(paymentRefunds)
      .where(and(eq(id, name), eq(appId, filter.appId)));
  return readLooked<ListedRefund>(db, page, { named, rows }, ({ refund }) => refund.id);
}

/** The list that an index serves. The plus keeps SQLite from reading the whole app's if only one order's are wanted. */
function isListed(db: Database, { developerId, appId, orderId, ...created }: RefundFilter): SQL | undefined {
  const { id, paymentId, createdAt } = paymentRefunds;
  if (orderId === undefined) return and(eq(paymentRefunds.appId, appId), isIdCreatedIn(id, createdAt, created));
  const isOfOrder = inArray(paymentId, idsOfOrder(db, { developerId, appId, orderId }));
  return and(isOfOrder, isCreatedIn(createdAt, created));
}

function matches({ states, ...filter }: RefundFilter): SQL | undefined {
  return and(states && inArray(paymentRefunds.state, [...states]), isOfPayment(filter));
}
