import { moveCursor, selectCursor } from "../db/cursors";
import { openedAtMs, selectOpening, unopened } from "../db/opening-balance";
import { feesAggregate, loadStripeFees, selectFirstPayment, selectFirstTestimony } from "../db/stripe-fees";
import { move, type PostingLine } from "../domain/ledger";
import { startOfSpan } from "../domain/list-position";
import { type Result, success } from "../domain/result";
import { dayMs, hourMs, minuteMs } from "../domain/time";
import { operatorAudience } from "../domain/webhooks/event";
import { type OwnLine, readOwnLines } from "../stripe/balance";
import { typesOfStripesOwn } from "../stripe/line-types";
import { appendChange } from "./change";
import type { Deps } from "./deps";

/** The name of the cursor: the time up to which Stripe's own lines were read. */
export const feesCursor = "stripe-fees";

/** Interval between two readings of Stripe's own lines. */
const bookEveryMs = 10 * minuteMs;

/** Age at which a line should be booked: two intervals. */
export const feesAwaitedMs = 2 * bookEveryMs;

/** Overlap of later runs: Stripe's list may lag behind its clock. Booked lines are recognised by their id. */
const overlapMs = hourMs;

/** Overlap of an hour's first run: Stripe sums up its bills by the day, and dates them back. */
export const backdatedMs = 3 * dayMs;

/** The most pages of 100 lines that one run reads: a long gap takes several runs. */
const pagesMax = 40;

/** The most lines in one change. */
const chunkSize = 50;

/** Tells whether it is time to read Stripe's own lines again. */
export function areFeesDue(deps: Deps, readAtMs: number | undefined): boolean {
  return deps.nowMs() - (readAtMs ?? 0) >= bookEveryMs;
}

/**
 * Books the lines that Stripe itself writes into the platform's balance, because no event announces them and no object
 * names them: its fees, also those of connected accounts that the platform pays; payouts to the platform's bank;
 * reserves; corrections. Reads type by type, because Stripe filters by one type. Returns the number of booked lines.
 * https://docs.stripe.com/reports/balance-transaction-types
 */
export async function bookStripeFees(deps: Deps): Promise<Result<{ booked: number }>> {
  const [[cursor], opening, ...first] = await deps.db.batch([
    selectCursor(deps.db, feesCursor),
    selectOpening(deps.db),
    selectFirstPayment(deps.db),
    selectFirstTestimony(deps.db),
  ]);
  const openedMs = openedAtMs(opening);
  const begunMs = openedMs ?? Math.min(...first.flat().map(({ createdAt }) => createdAt));
  const nowMs = deps.nowMs();
  if (begunMs === Number.POSITIVE_INFINITY) {
    await deps.db.batch([moveCursor(deps.db, feesCursor, nowMs, null, unopened)]);
    return success({ booked: 0 });
  }
  const readTo = cursor?.value ?? begunMs;
  let position = cursor?.position ?? newReading(cursor?.value, readTo, nowMs);
  let isRead = false;
  const lines: OwnLine[] = [];
  for (let pagesLeft = pagesMax; pagesLeft > 0 && !isRead; ) {
    const { part } = position;
    const type = typesOfStripesOwn[part] ?? "";
    const read = await readOwnLines(deps.stripe, type, position, pagesLeft);
    lines.push(...read.lines);
    pagesLeft -= read.pages;
    if (read.failure) {
      const { kind, message, meaning } = read.failure;
      // Stripe refuses to filter by a type of which it makes no lines. This must not stop the others from being read.
      if (meaning !== "refused") {
        deps.log.warn("fees_not_listed", { type, failure: kind, message });
        if (read.rest) position = { ...read.rest, part };
        break;
      }
      deps.log.info("type_not_listed", { type, message });
    } else if (read.rest) {
      position = { ...read.rest, part };
      break;
    }
    position = { ...position, untilSeconds: position.endSeconds, after: null, part: part + 1 };
    isRead = position.part >= typesOfStripesOwn.length;
  }
  const booked = await bookNew(
    deps,
    openedMs === undefined ? lines : lines.filter((line) => line.createdAtMs >= openedMs),
  );
  const stillTrue = openedMs === undefined ? unopened : undefined;
  const moved = isRead
    ? moveCursor(deps.db, feesCursor, position.endSeconds * 1000, null, stillTrue)
    : moveCursor(deps.db, feesCursor, readTo, position, stillTrue);
  await deps.db.batch([moved]);
  return success({ booked });
}

function newReading(readAtMs: number | undefined, readTo: number, nowMs: number) {
  const isFirstOfHour = readAtMs === undefined || Math.floor(readAtMs / hourMs) !== Math.floor(nowMs / hourMs);
  const fromMs = readTo - (isFirstOfHour ? backdatedMs : overlapMs);
  return { ...startOfSpan(fromMs, nowMs), part: 0 };
}

async function bookNew(deps: Deps, lines: readonly OwnLine[]): Promise<number> {
  const days = Map.groupBy(lines, ({ createdAtMs }) => feesAggregate(createdAtMs));
  let booked = 0;
  for (const [aggregateId, ofDay] of days) booked += await bookDay(deps, aggregateId, ofDay);
  return booked;
}

/**
 * Books a day's lines. Two runs at once cannot book a line twice: the day's journal lets one of them commit, and the
 * other reads again.
 */
async function bookDay(deps: Deps, aggregateId: string, lines: readonly OwnLine[]): Promise<number> {
  const { version, booked } = await loadStripeFees(deps.db, aggregateId);
  const fresh = lines.filter(({ id, netMinor }) => netMinor !== 0 && !booked.has(id));
  let position = { aggregateId, tenant: operatorAudience, version, sequence: 0 };
  for (let start = 0; start < fresh.length; start += chunkSize) {
    const chunk = fresh.slice(start, start + chunkSize);
    position = await appendChange(deps, position, {
      name: "book-stripe-fees",
      actor: "clock",
      data: { bills: chunk.length },
      rows: [],
      postings: chunk.flatMap(postingsOf),
    });
  }
  return fresh.length;
}

/** Makes the postings of a line: a debit of our balance credits the account of its type, and the other way round. */
function postingsOf({ id: reference, currency, netMinor, account }: OwnLine): PostingLine[] {
  return netMinor < 0
    ? move(-netMinor, currency, { debit: account, credit: "stripe_balance", reference })
    : move(netMinor, currency, { debit: "stripe_balance", credit: account, reference });
}
