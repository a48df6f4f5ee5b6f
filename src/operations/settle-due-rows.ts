import type { Statement } from "../db/database";
import { type DueRow, type DueTable, putOffDue } from "../db/due";
import type { Deps } from "./deps";
import { type DueSource, dueSources, type Rank, type Task } from "./due-sources";
import { pacing } from "./pacing";

/**
 * The most rows of a kind that a round takes. The next round takes the next rows: the earlier ones are settled or put
 * off by then.
 */
const pageSize: Readonly<Record<Rank, number>> = { must: 20, may: 8 };

/** The number of commands that run at the same time: D1 has one writer, and an invocation six connections. */
const width = 5;

/**
 * The number of queries after which no command is begun, those of Durable Objects included: with the commands under way
 * a run stays below D1's thousand. `may` has a share of its own that `must` cannot use up.
 */
const queriesMax: Readonly<Record<Rank, number>> = { must: 500, may: 650 };

/** The time before the end that `must` leaves to `may`, in milliseconds. */
const reservedMs: Readonly<Record<Rank, number>> = { must: 10_000, may: 0 };

/** The outcome of a run. */
export interface Settled {
  found: number;
  /** Rows that their command left as they were. */
  putOff: number;
  /** The age of the longest overdue row of each kind when the run began, in milliseconds. */
  lateMs: Record<string, number>;
  /** Kinds that had more due rows than the run could take. */
  left: string[];
}

interface Page {
  source: DueSource;
  tasks: readonly Task[];
  begun: Task[];
}

/**
 * Settles due rows, round after round, until nothing is left, time is up or the run has made enough queries. A round
 * takes a page of every kind, one row of each in turn, so that no kind waits for another. A row that its command leaves
 * due (done, refused or thrown) is put off behind all others of its kind.
 */
export async function settleDueRows(deps: Deps, first: readonly unknown[][], endMs: number): Promise<Settled> {
  const settled: Settled = { found: 0, putOff: 0, lateMs: {}, left: [] };
  const pace = pacing(deps);
  let pages = pagesOf(first);
  for (const { source, tasks } of pages) {
    if (tasks[0]) settled.lateMs[source.kind] = deps.nowMs() - tasks[0].dueAt;
  }
  for (;;) {
    await sideBySide(deps, pages, async ({ source: { rank } }) => {
      await pace();
      return deps.cost.queries < queriesMax[rank] && deps.nowMs() < endMs - reservedMs[rank];
    });
    settled.found += sum(pages, ({ begun }) => begun.length);
    settled.putOff += await putOffWhatIsLeft(deps, pages);
    const left = pages.filter(({ source, tasks, begun }) => begun.length < tasks.length || isFull(source, tasks));
    settled.left = left.map(({ source }) => source.kind);
    // A kind whose page was not finished has used up its share.
    const goesOn = left.filter(({ tasks, begun }) => begun.length === tasks.length);
    if (goesOn.length === 0) return settled;
    pages = await nextPages(deps, goesOn);
  }
}

/** Makes the statements that select the first page of every kind, for the batch that a run begins with. */
export function firstPages({ db, nowMs }: Deps): Statement[] {
  return dueSources.map(({ rank, select }) => select(db, nowMs(), pageSize[rank]));
}

function pagesOf(rows: readonly unknown[][], sources: readonly DueSource[] = dueSources): Page[] {
  return sources.map((source, index) => ({ source, tasks: (rows[index] ?? []).map(source.taskOf), begun: [] }));
}

function isFull({ rank }: DueSource, tasks: readonly Task[]): boolean {
  return tasks.length >= pageSize[rank];
}

async function nextPages({ db, nowMs }: Deps, pages: readonly Page[]): Promise<Page[]> {
  const sources = pages.map(({ source }) => source);
  const [one, ...others] = sources.map(({ rank, select }) => select(db, nowMs(), pageSize[rank]));
  const rows = one ? await db.batch([one, ...others]) : [];
  return pagesOf(rows as unknown[][], sources);
}

/** Takes one row of each page in turn, `must` before `may`, so that no kind waits until another is done. */
function* inTurns(pages: readonly Page[]): Generator<{ page: Page; task: Task }> {
  const longest = Math.max(...pages.map(({ tasks }) => tasks.length));
  for (let turn = 0; turn < longest; turn += 1) {
    for (const page of pages) {
      const task = page.tasks[turn];
      if (task) yield { page, task };
    }
  }
}

/** Runs the tasks of a round. A task that throws is logged and does not affect the others. */
async function sideBySide(
  deps: Deps,
  pages: readonly Page[],
  mayBegin: (page: Page) => Promise<boolean>,
): Promise<void> {
  const queue = inTurns(pages);
  const worker = async () => {
    for (const { page, task } of queue) {
      if (!(await mayBegin(page))) continue;
      page.begun.push(task);
      try {
        await deps.runSerialized(task.command);
      } catch (error) {
        deps.log.error("sweep_task_failed", error, { command: task.command.name });
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/**
 * Puts off the rows that are left, of all kinds in one round trip; a settled row costs no write. Returns how many were
 * left.
 */
async function putOffWhatIsLeft(deps: Deps, pages: readonly Page[]): Promise<number> {
  const tried = pages.filter(({ begun }) => begun.length > 0);
  const [first, ...rest] = tried.map(({ source, begun }) => putOff(deps, source.table, begun));
  if (!first) return 0;
  const moved = await deps.db.batch([first, ...rest]);
  for (const [index, { source }] of tried.entries()) {
    const rows = moved[index]?.length ?? 0;
    if (rows > 0) deps.log.warn("due_put_off", { kind: source.kind, rows });
  }
  return sum(moved, ({ length }) => length);
}

function putOff({ db, nowMs }: Deps, table: DueTable, rows: readonly DueRow[]) {
  return putOffDue(db, table, rows, nowMs());
}

function sum<T>(list: readonly T[], numberOf: (one: T) => number): number {
  return list.reduce((total, one) => total + numberOf(one), 0);
}
