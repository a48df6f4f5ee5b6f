import type { Statement } from "../db/database";
import { type DueRow, type DueTable, putOffDue } from "../db/due";
import type { Deps } from "./deps";
import { type DueSource, dueSources, type Rank, type Task } from "./due-sources";
import { pacing } from "./pacing";

/** How many rows of a kind a round takes. The next round takes the next: those before are settled or put off by then. */
const pageSize: Readonly<Record<Rank, number>> = { must: 20, may: 8 };

/** How many commands run side by side: D1 has one writer, and an invocation six connections. */
const width = 5;

/**
 * Beyond so many queries no command is begun, objects that work for us included: with those under way a run stays below
 * D1's thousand. What may be done has a share of its own that what must be done cannot use up.
 */
const queriesMax: Readonly<Record<Rank, number>> = { must: 500, may: 650 };

/** So long before the end what must be done leaves the time to what may be. */
const reservedMs: Readonly<Record<Rank, number>> = { must: 10_000, may: 0 };

/** What a run has come to. */
export interface Settled {
  found: number;
  /** Those that their command left as they were. */
  putOff: number;
  /** How long the longest overdue row of each kind had waited when the run began. */
  lateMs: Record<string, number>;
  /** Kinds of which more was due than the run could take. */
  left: string[];
}

interface Page {
  source: DueSource;
  tasks: readonly Task[];
  begun: Task[];
}

/**
 * Settles what is due, round after round, until nothing is left, time is up or the run has asked enough of the database.
 * A round takes a page of every kind, one of each in turn, so that no kind waits for another. A row that its command
 * leaves due, done, refused or thrown, is put off behind all others of its kind.
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
    // A kind whose page was not taken whole has used up its share.
    const goesOn = left.filter(({ tasks, begun }) => begun.length === tasks.length);
    if (goesOn.length === 0) return settled;
    pages = await nextPages(deps, goesOn);
  }
}

/** A page of every kind, for the batch that a run begins with. */
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

/** One of each page in turn, those that must be done before those that may be: no kind waits until another is through. */
function* inTurns(pages: readonly Page[]): Generator<{ page: Page; task: Task }> {
  const longest = Math.max(...pages.map(({ tasks }) => tasks.length));
  for (let turn = 0; turn < longest; turn += 1) {
    for (const page of pages) {
      const task = page.tasks[turn];
      if (task) yield { page, task };
    }
  }
}

/** A task that throws is logged; it never touches its neighbours. */
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
        await deps.inOrder(task.command);
      } catch (error) {
        deps.log.error("sweep_task_failed", error, { command: task.command.name });
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** In one round trip for all kinds; what was settled costs no row. Answers how many were left. */
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
