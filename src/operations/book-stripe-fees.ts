import { moveCursor, selectCursor } from "../db/cursors";
import { openedAtMs, selectOpening } from "../db/opening-balance";
import { feesAggregate, loadStripeFees, selectFirstPayment, selectFirstTestimony } from "../db/stripe-fees";
import { operatorAudience } from "../domain/event";
import { move, type PostingLine } from "../domain/ledger";
import { startOfSpan } from "../domain/list-position";
import { type Result, success } from "../domain/result";
import { type OwnLine, readOwnLines } from "../stripe/balance";
import { typesOfStripesOwn } from "../stripe/line-types";
import { record } from "./change";
import type { Output } from "./commands";
import type { Deps } from "./deps";

/** How far Stripe's own lines were read. */
export const feesCursor = "stripe-fees";

/** Stripe's own lines are asked for this often. */
const bookEveryMs = 10 * 60_000;

/** How old a line is before it should be booked: two runs. */
export const feesAwaitedMs = 2 * bookEveryMs;

const hourMs = 60 * 60_000;

/** How much later runs overlap: Stripe's list may lag its clock. What is booked is known by its id. */
const overlapMs = hourMs;

/** How much the first run of an hour overlaps: Stripe sums its bills up by the day, and dates them back. */
export const backdatedMs = 3 * 24 * hourMs;

/** How many pages of 100 lines a run reads: a long gap is read by several. */
const pagesMax = 40;

/** How many lines go into one change. */
const chunkSize = 50;

/** Whether it is time to ask again. */
export function areFeesDue(deps: Deps, readAtMs: number | undefined): boolean {
  return deps.nowMs() - (readAtMs ?? 0) >= bookEveryMs;
}

/**
 * Books what Stripe writes into the platform's balance by itself, because no event tells of it and no object names it: its
 * fees, also those of connected accounts that the platform pays; what it pays out to the platform's bank; what it holds
 * back; what it corrects. Type by type, because Stripe filters by one. Answers how many lines were booked.
 * https://docs.stripe.com/reports/balance-transaction-types
 */
export async function bookStripeFees(deps: Deps): Promise<Result<Output<"book-stripe-fees">>> {
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
    await deps.db.batch([moveCursor(deps.db, feesCursor, nowMs)]);
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
      // A type that Stripe does not filter by, because it makes no such lines, keeps no other from being read.
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
  const moved = isRead
    ? moveCursor(deps.db, feesCursor, position.endSeconds * 1000)
    : moveCursor(deps.db, feesCursor, readTo, position);
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

/** Two runs at once cannot book a line twice: the day's journal lets one of them through, and the other reads again. */
async function bookDay(deps: Deps, aggregateId: string, lines: readonly OwnLine[]): Promise<number> {
  const { version, booked } = await loadStripeFees(deps.db, aggregateId);
  const fresh = lines.filter(({ id, netMinor }) => netMinor !== 0 && !booked.has(id));
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

/** What takes from our balance gives to the account of its type, and the other way round. */
function postingsOf({ id: reference, currency, netMinor, account }: OwnLine): PostingLine[] {
  return netMinor < 0
    ? move(-netMinor, currency, { debit: account, credit: "stripe_balance", reference })
    : move(netMinor, currency, { debit: "stripe_balance", credit: account, reference });
}
