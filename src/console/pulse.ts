import { signal } from "@preact/signals";
import type { ViewAttentionResult } from "#operator";
import { type Failure, failureOf, operator } from "./api";
import { session } from "./session";

export interface Pulse {
  attention: ViewAttentionResult["data"];
  status: string;
  lastSweep: string | null;
  oldestDue: string | null;
}

export const pulse = signal<Pulse | undefined>(undefined);
export const pulseFailure = signal<Failure | undefined>(undefined);

/** Counts how often the server's state was seen to have changed, or was changed from here. */
export const changes = signal(0);

/** Whether this is the sandbox, whose clock may be moved; undefined until that is known. */
export const isSandbox = signal<boolean | undefined>(undefined);

/** By how much the server's clock is ahead of this one, in milliseconds. */
export const aheadMs = signal(0);
/** By how much the sandbox's clock was moved, in seconds. */
export const movedSeconds = signal(0);

/** The script of the page that the server serves now, if it is another than ours. */
export const newRelease = signal(false);

const everyMs = { sandbox: 2_000, elsewhere: 15_000 };
const slowerMs = 60_000;
let timer: ReturnType<typeof setTimeout> | undefined;
let beats = 0;

/** Asks every now and then whether something has changed. Not while the page is hidden, and less often when refused. */
export function followPulse(): void {
  document.addEventListener("visibilitychange", schedule);
  void beat();
}

/** Asks at once, because something was changed from here. */
export function beatNow(): void {
  changes.value += 1;
  void beat();
}

function schedule(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  const { status = 200, retryAfterSeconds = 0 } = pulseFailure.value ?? {};
  const isRefused = status === 429 || status === 503;
  const usualMs = isSandbox.value ? everyMs.sandbox : everyMs.elsewhere;
  timer = setTimeout(beat, isRefused ? Math.max(slowerMs, retryAfterSeconds * 1_000) : usualMs);
}

async function beat(): Promise<void> {
  clearTimeout(timer);
  if (document.hidden) return;
  if (session.value) await ask();
  schedule();
}

async function ask(): Promise<void> {
  try {
    if (isSandbox.value !== false) await readClock();
    const [{ data: attention }, status] = await Promise.all([operator.viewAttention(), operator.viewStatus()]);
    aheadMs.value = instantOf(status.timestamp) - Date.now();
    const next = {
      attention,
      status: status.status,
      // The sweep runs in real time, also where the clock was moved.
      lastSweep: instantText(status.last_sweep, aheadMs.value),
      oldestDue: instantText(status.oldest_due?.since ?? null),
    };
    const before = pulse.value;
    pulse.value = next;
    pulseFailure.value = undefined;
    if (before && JSON.stringify(before) !== JSON.stringify(next)) changes.value += 1;
    beats += 1;
    if (beats % 8 === 0) await compareRelease();
  } catch (thrown) {
    pulseFailure.value = failureOf(thrown);
  }
}

/** Reads by how much the sandbox's clock was moved. Elsewhere there is no such address. */
async function readClock(): Promise<void> {
  const answer = await fetch("/sandbox/control/clock").catch(() => undefined);
  if (!answer) return;
  isSandbox.value = answer.ok;
  if (answer.ok) movedSeconds.value = ((await answer.json()) as { offsetSeconds?: number }).offsetSeconds ?? 0;
}

/** The page names its script by the digest of its content. */
async function compareRelease(): Promise<void> {
  const own = document.querySelector("script")?.getAttribute("src");
  const answer = await fetch("/console/", { headers: { "Accord-Console": "1" } }).catch(() => undefined);
  if (answer?.ok && own) newRelease.value = !(await answer.text()).includes(own);
}

function instantOf(text: string): number {
  return Date.parse(`${text.replace(" ", "T").slice(0, 23)}Z`);
}

function instantText(text: string | null, laterMs = 0): string | null {
  return text === null ? null : new Date(instantOf(text) + laterMs).toISOString();
}
