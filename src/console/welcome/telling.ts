import { type Signal, signal } from "@preact/signals";
import { operator } from "../api";
import type { Journey, Step, Teller } from "../journeys/journey";
import { journeys } from "../journeys/journeys";
import { beatNow } from "../pulse";
import { browserTeller, type Exchange, type Notes, Stopped } from "./browser-teller";
import { look } from "./control";

/** Whether the books held after a step. */
export interface Books {
  holding: number;
  all: number;
  broken: string[];
}

/** A step with what became of it. */
export interface ToldStep extends Pick<Step<object>, "title" | "why" | "take"> {
  chapter: number;
  state: "waiting" | "running" | "done" | "failed";
  exchanges: readonly Exchange[];
  lines: readonly string[];
  pages: readonly string[];
  waitsFor?: string | undefined;
  failure?: string | undefined;
  books?: Books | undefined;
}

/** How far a journey is told. */
export interface Telling {
  journey: Journey;
  steps: readonly ToldStep[];
  /** How many steps are done. */
  done: number;
  /** The step that is looked at; undefined before the first one. */
  shown: number | undefined;
  isRunning: boolean;
  /** The object whose timeline shows what happened. */
  about: string | undefined;
}

export type Name = Journey["name"];

const untold = { state: "waiting", exchanges: [], lines: [], pages: [] } as const;

function fresh(journey: Journey): Telling {
  const steps = journey.chapters.flatMap(({ steps: own }, chapter) =>
    own.map(({ title, why, take }) => ({ title, why, take, chapter, ...untold })),
  );
  return { journey, steps, done: 0, shown: undefined, isRunning: false, about: undefined };
}

/** How far each journey is told. It goes on while another screen is looked at. */
export const tellings = Object.fromEntries(journeys.map((one) => [one.name, signal(fresh(one))])) as Record<
  Name,
  Signal<Telling>
>;

/** The journey that is looked at. */
export const chosen = signal<Name>("offers");

/** The part of a journey that is not shown. Its clients are made in one step and used in later ones, so it has one teller. */
interface Inside {
  kept: object;
  teller: Teller;
  isStopped: boolean;
}

const inside = Object.fromEntries(journeys.map(({ name }) => [name, newInside(name)])) as Record<Name, Inside>;

function newInside(name: Name): Inside {
  const own: Inside = { kept: {}, isStopped: false, teller: browserTeller(notesOf(name, () => own)) };
  return own;
}

/** The pause between steps that follow by themselves, so that somebody can look on. */
const pauseMs = 150;

/** Takes the next step of a journey. Returns whether another one may follow: there is one, and the books hold. */
export async function takeNext(name: Name): Promise<boolean> {
  const { journey, steps, done, isRunning } = tellings[name].value;
  const step = steps[done];
  if (!step || isRunning) return false;
  const own = inside[name];
  own.isStopped = false;
  const patch = (changes: Partial<ToldStep>, more: Partial<Telling> = {}) => patchStep(name, own, changes, more);
  patch({ ...untold, state: "running", failure: undefined, books: undefined }, { isRunning: true, shown: done });
  try {
    Object.assign(own.kept, await step.take(own.teller, own.kept));
    const { about } = own.kept as { about?: string };
    const isLastOfChapter = steps[done + 1]?.chapter !== step.chapter;
    if (isLastOfChapter) await journey.chapters[step.chapter]?.end?.(own.teller, own.kept as never);
    const books = await proveBooks();
    patch({ state: "done", waitsFor: undefined, books }, { done: done + 1, isRunning: false, about });
    return inside[name] === own && done + 1 < steps.length && (books?.broken ?? []).length === 0;
  } catch (thrown) {
    const failure = thrown instanceof Error ? thrown.message : String(thrown);
    patch(
      { state: thrown instanceof Stopped ? "waiting" : "failed", waitsFor: undefined, failure },
      { isRunning: false },
    );
    return false;
  } finally {
    beatNow();
    void look();
  }
}

/** Takes all steps that are left. Returns whether the journey was told to its end. */
export async function tellRest(name: Name): Promise<boolean> {
  while (await takeNext(name)) {
    await new Promise((done) => setTimeout(done, pauseMs));
    if (inside[name].isStopped) return false;
  }
  const { done, steps } = tellings[name].value;
  return done === steps.length;
}

/** Tells all journeys from where they stand, one after the other. */
export async function tellAll(): Promise<void> {
  for (const { name } of journeys) {
    chosen.value = name;
    if (tellings[name].value.done === tellings[name].value.steps.length) await beginAgain(name);
    if (!(await tellRest(name))) return;
  }
}

/** Stops before the next step, or while one waits. */
export function stop(name: Name): void {
  inside[name].isStopped = true;
}

/** Forgets how far a journey was told. What it has made stays. */
export async function beginAgain(name: Name): Promise<void> {
  const { journey, steps, done } = tellings[name].value;
  const { kept, teller } = inside[name];
  forget(name);
  const next = steps[done];
  if (next === undefined || steps[done - 1]?.chapter !== next.chapter) return;
  await journey.chapters[next.chapter]?.end?.(teller, kept as never).catch(() => undefined);
}

/** Forgets all journeys, because what they have made is gone. */
export function forgetAll(): void {
  for (const { name } of journeys) forget(name);
}

function forget(name: Name): void {
  stop(name);
  inside[name] = newInside(name);
  tellings[name].value = fresh(tellings[name].value.journey);
}

export function show(name: Name, step: number): void {
  tellings[name].value = { ...tellings[name].value, shown: step };
}

/** Changes the step that is being taken, unless the journey was begun again meanwhile. */
function patchStep(name: Name, own: Inside, changes: Partial<ToldStep>, more: Partial<Telling> = {}): void {
  if (inside[name] !== own) return;
  const now = tellings[name].value;
  const steps = now.steps.map((one, at) => (at === now.done ? { ...one, ...changes } : one));
  tellings[name].value = { ...now, steps, ...more };
}

/** Writes down what the present step does as it does it. Of a question that is repeated the last answer is kept. */
function notesOf(name: Name, own: () => Inside): Notes {
  const patch = (changes: Partial<ToldStep>) => patchStep(name, own(), changes);
  const now = () => tellings[name].value.steps[tellings[name].value.done] ?? untold;
  return {
    exchange(one) {
      const before = now().exchanges;
      const last = before.at(-1);
      const isRepeat = one.method === "GET" && last?.method === "GET" && last.path === one.path;
      patch({ exchanges: [...(isRepeat ? before.slice(0, -1) : before), one] });
    },
    line: (text) => patch({ lines: [...now().lines, text] }),
    page: (address) => patch({ pages: [...now().pages, address] }),
    wait: (waitsFor) => patch({ waitsFor }),
    isStopped: () => own().isStopped,
  };
}

async function proveBooks(): Promise<Books | undefined> {
  const proof = await operator.checkLedger().catch(() => undefined);
  if (!proof) return undefined;
  const broken = proof.invariants.filter(({ ok }) => !ok).map(({ name }) => name);
  return { holding: proof.invariants.length - broken.length, all: proof.invariants.length, broken };
}
