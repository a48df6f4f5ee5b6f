import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database, Statement } from "../database";
import { readAll } from "../read-all";
import {
  checkouts,
  disputes,
  journal,
  notifications,
  offers,
  payoutAccounts,
  payouts,
  receivableEntries,
  receivables,
  refunds,
  testimonies,
} from "../schema";
import { sessionsOf } from "./tokens";
import type { User } from "./users";

/** The last row of each list that was exported before: a testimony or an offer, a notification, a change. */
export interface ExportCursor {
  caseId: string;
  notificationId: string;
  version: number;
}

const casesMax = 50;
const rowsMax = 500;

type Row = Record<string, unknown>;

/**
 * Reads a part of what is kept about a user: the next testimonies of a client or offers of an expert with what belongs
 * to them, the next notifications, and the next changes of the account. Of others there are ids only. One round trip.
 */
export async function loadExport(db: Database, { id, role }: User, from: ExportCursor, nowMs: number) {
  const isClient = role === "client";
  const cases = isClient ? testimonies : offers;
  const [owner, testimony] = isClient ? [testimonies.clientId, testimonies.id] : [offers.expertId, offers.testimonyId];
  const isNext = and(eq(owner, id), gt(cases.id, from.caseId));
  const page = db.select({ id: testimony }).from(cases).where(isNext).orderBy(asc(cases.id)).limit(casesMax);
  const ofUser = (table: SQLiteTable & { userId: SQLiteColumn }) => db.select().from(table).where(eq(table.userId, id));
  const ofPage = (table: SQLiteTable & { testimonyId: SQLiteColumn }) =>
    db.select().from(table).where(inArray(table.testimonyId, page));
  const { version, name, actor, at } = journal;
  // An operator's name is another person's.
  const data = sql`json_remove(${journal.data}, '$.operator', '$.settledBy')`.mapWith(JSON.parse).as("data");
  const lists: Record<string, Statement> = {
    [isClient ? "testimonies" : "offers"]: db.select().from(cases).where(isNext).orderBy(asc(cases.id)).limit(casesMax),
    notifications: db
      .select()
      .from(notifications)
      .where(and(eq(notifications.userId, id), gt(notifications.id, from.notificationId)))
      .orderBy(asc(notifications.id))
      .limit(rowsMax),
    changes: db
      .select({ version, name, actor, at, data })
      .from(journal)
      .where(and(eq(journal.aggregateId, id), gt(version, from.version)))
      .orderBy(asc(version))
      .limit(rowsMax),
    sessions: sessionsOf(db, id, nowMs),
    payoutAccounts: ofUser(payoutAccounts),
    debts: ofUser(receivables),
    debtEntries: ofUser(receivableEntries),
    disputes: ofPage(disputes),
    ...(isClient ? { checkouts: ofPage(checkouts), refunds: ofPage(refunds) } : { payouts: ofPage(payouts) }),
  };
  const read = (await readAll(db, Object.values(lists))) as Row[][];
  const [rows = [], told = [], changes = []] = read;
  const isMore = rows.length === casesMax || told.length === rowsMax || changes.length === rowsMax;
  return {
    lists: Object.keys(lists).map((list, place) => [list, read[place] ?? []] as const),
    next: isMore
      ? {
          caseId: String(rows.at(-1)?.id ?? from.caseId),
          notificationId: String(told.at(-1)?.id ?? from.notificationId),
          version: Number(changes.at(-1)?.version ?? from.version),
        }
      : undefined,
  };
}
