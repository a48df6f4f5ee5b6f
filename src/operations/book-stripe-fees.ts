import { moveCursor, selectCursor } from "../db/cursors";
import { feesAggregate, loadStripeFees, selectFirstPayment } from "../db/stripe-fees";
import { operatorAudience } from "../domain/event";
import { move, type PostingLine } from "../domain/ledger";
import { type ListPosition, startOfSpan } from "../domain/list-position";
import { type Result, success } from "../domain/result";
import { type BalanceLine, readStripeFees } from "../stripe/balance";
import { record } from "./change";
import type { Output } from "./commands";
import type { Deps } from "./deps";

/** How far Stripe's list of its bills was read. */
export const feesCursor = "stripe-fees";

/** Stripe's bills are asked for this often. */
const bookEveryMs = 10 * 60_000;

/** How old a bill is before it should be booked: two runs. */
export const feesAwaitedMs = 2 * bookEveryMs;

/** How much later runs overlap: Stripe's list may lag its clock. What is booked is known by its id. */
const overlapMs = 60 * 60_000;

/** How much time one span covers, and how many pages of 100 bills a run reads: a long gap is read piece by piece. */
const spanMs = 24 * 60 * 60_000;
const pagesMax = 40;

/** How many bills go into one change. */
const chunkSize = 50;

/** Whether it is time to ask again. */
export function areFeesDue(deps: Deps, readAtMs: number | undefined): boolean {
  return deps.nowMs() - (readAtMs ?? 0) >= bookEveryMs;
}

/**
 * Books what Stripe bills the platform by itself: its fees of charges and disputes on connected accounts whose fees the
 * platform pays (decisions X13). No event tells of them and no charge names them. Answers how many were booked.
 */
export async function bookStripeFees(deps: Deps): Promise<Result<Output<"book-stripe-fees">>> {
  const nowMs = deps.nowMs();
  const [[cursor], [first]] = await deps.db.batch([selectCursor(deps.db, feesCursor), selectFirstPayment(deps.db)]);
  let readTo = first ? (cursor?.value ?? first.createdAt) : nowMs;
  let position: ListPosition | null = cursor?.position ?? null;
  let pagesLeft = pagesMax;
  let booked = 0;
  while (pagesLeft > 0 && readTo < nowMs) {
    const span = position ?? startOfSpan(readTo - overlapMs, Math.min(nowMs, readTo + spanMs));
    const { bills, rest, pages, failure } = await readStripeFees(deps.stripe, span, pagesLeft);
    booked += await bookNew(deps, bills);
    pagesLeft -= pages;
    position = rest;
    if (!rest) readTo = Math.min(nowMs, span.endSeconds * 1000);
    if (failure) {
      deps.log.warn("fees_not_listed", { failure: failure.kind, message: failure.message });
      break;
    }
  }
  await deps.db.batch([moveCursor(deps.db, feesCursor, readTo, position && { ...position, part: 0 })]);
  return success({ booked });
}

async function bookNew(deps: Deps, bills: readonly BalanceLine[]): Promise<number> {
  const days = Map.groupBy(bills, ({ createdAtMs }) => feesAggregate(createdAtMs));
  let booked = 0;
  for (const [aggregateId, ofDay] of days) booked += await bookDay(deps, aggregateId, ofDay);
  return booked;
}

/** Two runs at once cannot book a bill twice: the day's journal lets one of them through, and the other reads again. */
async function bookDay(deps: Deps, aggregateId: string, bills: readonly BalanceLine[]): Promise<number> {
  const { version, booked } = await loadStripeFees(deps.db, aggregateId);
  const fresh = bills.filter(({ id }) => !booked.has(id));
  let position = { aggregateId, tenant: operatorAudience, version, sequence: 0 };
  for (let start = 0; start < fresh.length; start += chunkSize) {
    const chunk = fresh.slice(start, start + chunkSize);
    position = await record(deps, position, {
      name: "book-stripe-fees",
      actor: "clock",
      data: { bills: chunk.length },
      rows: [],
      postings: chunk.flatMap(postingsOf),
    });
  }
  return fresh.length;
}

/** A bill takes from our balance; one that Stripe takes back gives. */
function postingsOf({ id: reference, currency, netMinor }: BalanceLine): PostingLine[] {
  return netMinor < 0
    ? move(-netMinor, currency, { debit: "stripe_fees", credit: "stripe_balance", reference })
    : move(netMinor, currency, { debit: "stripe_balance", credit: "stripe_fees", reference });
}
