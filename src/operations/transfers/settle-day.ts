import { type Statement, write } from "../../db/database";
import { lastVersion } from "../../db/position";
import {
  type Counted,
  closeDay,
  deleteBatch,
  insertBatch,
  insertPositions,
  loadUnsettled,
  whoSettled,
} from "../../db/transfers/count-settlement";
import {
  type SettlementBatch,
  type SettlementRow,
  selectLaterSettlements,
  settlementsOfDay,
} from "../../db/transfers/settlements";
import { defaultCurrency } from "../../domain/currency";
import { type Result, refuse, success } from "../../domain/result";
import { dayOf, daysFrom } from "../../domain/transfers/day";
import { operatorAudience } from "../../domain/webhooks/event";
import { appendChange } from "../change";
import { Conflict } from "../conflict";
import type { Deps } from "../deps";
import type { FollowUps, TransferActor } from "../follow-ups";

/**
 * Settles a day: closes it, so that no completed transfer can fall into it any more, then counts it, in one batch for
 * each currency. Unsettled earlier days come first, because each position opens where the one before closed. A settled
 * day returns its former result, one that was closed and not counted is counted, and a failed batch is counted again.
 * Refuses `day_not_over`, and, before it does anything, `settlement_unknown` if the day will have no batch in the
 * currency that is to be answered.
 */
export async function settleDay(
  deps: Deps,
  { day, answered = defaultCurrency, by }: FollowUps["settle-day"],
): Promise<Result<{ batches: SettlementBatch[] }>> {
  if (day >= dayOf(deps.nowMs())) return refuse("day_not_over");
  const found = await settlementsOfDay(deps.db, day);
  if (!(await willHave(deps, day, answered, found))) return refuse("settlement_unknown");
  if (isSettled(found)) return success({ batches: found });
  await write(deps.db, [closeDay(deps.db, day, deps.nowMs())]); // first and by itself: only a closed day can be counted
  const failed = found.filter(({ status }) => status === "FAILED");
  for (const batch of failed) await countAgain(deps, batch, by);
  await countAll(deps, await missingBatches(deps, day, found), by);
  return success({ batches: await settlementsOfDay(deps.db, day) });
}

/** Tells whether a day has a batch in a currency, or has one once it is settled. */
async function willHave({ db }: Deps, day: string, currency: string, found: readonly SettlementBatch[]) {
  if (currency === defaultCurrency || found.some((batch) => batch.currency === currency)) return true;
  const { uncounted } = await loadUnsettled(db, day, defaultCurrency);
  return uncounted.some((batch) => batch.day === day && batch.currency === currency);
}

function isSettled(batches: readonly SettlementBatch[]): boolean {
  const isWhole = batches.some(({ currency }) => currency === defaultCurrency);
  return isWhole && batches.every(({ status }) => status === "COMPLETED");
}

type DayAndCurrency = Pick<SettlementRow, "day" | "currency">;

/**
 * Lists the missing batches: the oldest day first, and in each day the default currency last, because its batch says
 * that the day is settled completely.
 */
async function missingBatches(
  deps: Deps,
  day: string,
  found: readonly DayAndCurrency[],
): Promise<readonly DayAndCurrency[]> {
  const { next, uncounted } = await loadUnsettled(deps.db, day, defaultCurrency);
  const others = uncounted.filter(({ currency }) => currency !== defaultCurrency);
  return daysFrom(next !== undefined && next < day ? next : day, day)
    .flatMap((one) => [...others.filter((batch) => batch.day === one), { day: one, currency: defaultCurrency }])
    .filter((batch) => !found.some(({ day, currency }) => day === batch.day && currency === batch.currency));
}

/**
 * Counts all batches. A currency that cannot be counted does not stop the others. Its own later days wait for it, and
 * so does the default currency, whose batch says that a day is settled completely. Throws the first failure at the end.
 */
async function countAll(deps: Deps, batches: readonly DayAndCurrency[], by: TransferActor): Promise<void> {
  const failures = new Map<string, unknown>();
  for (const batch of batches) {
    const waits = failures.has(batch.currency) || (batch.currency === defaultCurrency && failures.size > 0);
    if (waits) continue;
    try {
      await count(deps, batch, by);
    } catch (error) {
      failures.set(batch.currency, error);
    }
  }
  for (const error of failures.values()) throw error;
}

/**
 * Counts a closed day in one currency. If another run does so at the same time, the first result stays: both have
 * counted the same.
 */
async function count(deps: Deps, { day, currency }: DayAndCurrency, by: TransferActor): Promise<void> {
  const batch = { id: deps.newId(), day, currency, atMs: deps.nowMs() };
  try {
    await recordCount(deps, batch, { version: 0, by, rows: countRows(deps, batch) });
  } catch (error) {
    const isCounted = error instanceof Conflict && /^settlement_(batches|entries)\./.test(error.constraint);
    if (!isCounted) throw error;
  }
}

/**
 * Counts a failed batch again under the same id: its positions are deleted and counted anew in one commit, and with
 * them those of every later day, which open where these close.
 */
async function countAgain(deps: Deps, { id, day, currency }: SettlementRow, by: TransferActor): Promise<void> {
  const [[last], later] = await deps.db.batch([
    lastVersion(deps.db, id),
    selectLaterSettlements(deps.db, { day, currency }),
  ]);
  const batch = { id, day, currency, atMs: deps.nowMs() };
  const batches = [batch, ...later.map((one) => ({ ...one, atMs: one.createdAt }))];
  const rows = batches.flatMap((one) => [...deleteBatch(deps.db, one), ...countRows(deps, one)]);
  await recordCount(deps, batch, { version: last?.version ?? 0, by, rows });
}

function countRows({ db }: Deps, batch: Counted): Statement[] {
  return [insertPositions(db, batch), insertBatch(db, batch)];
}

async function recordCount(
  deps: Deps,
  { id, day, currency }: Counted,
  { version, by, rows }: { version: number; by: TransferActor; rows: Statement[] },
): Promise<void> {
  await appendChange(
    deps,
    { aggregateId: id, tenant: operatorAudience, audience: whoSettled({ day, currency }), version, sequence: 0 },
    {
      name: "settle-day",
      actor: by === "clock" ? by : "operator" in by ? "operator" : "application",
      data: { day, currency, ...(by === "clock" ? {} : by) },
      rows,
      events: [
        {
          type: "settlement.closed",
          data: { settlementId: id, settlementDate: day, currency },
          onlyIfHeard: true,
        },
      ],
    },
  );
}
