import { signal } from "@preact/signals";
import type { ViewAttentionResult, ViewPulseResult } from "#operator";
import { type Failure, failureOf, operator } from "./api";
import { session } from "./session";

/** How everything stands, and what waits for a person. */
export const pulse = signal<ViewPulseResult["data"] | undefined>(undefined);
export const attention = signal<ViewAttentionResult["data"] | undefined>(undefined);
export const pulseFailure = signal<Failure | undefined>(undefined);

/** Counts how often the server's state was seen to have changed, or was changed from here. */
export const changes = signal(0);

/** Whether this is the sandbox; undefined until that is known. */
export const isSandbox = signal<boolean | undefined>(undefined);

/** By how much the server's clock is ahead of this one, in milliseconds. The sandbox's may be moved. */
export const aheadMs = signal(0);

/** Whether the server is of another release than when this page was loaded. */
export const newRelease = signal(false);

const everyMs = { sandbox: 2_000, elsewhere: 15_000 };
const slowerMs = 60_000;
let timer: ReturnType<typeof setTimeout> | undefined;
let ownRelease: string | undefined;

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
  try {
    if (session.value) await ask();
  } finally {
    schedule();
  }
}

async function ask(): Promise<void> {
  try {
    if (isSandbox.value === undefined) isSandbox.value = (await operator.viewSystem()).data.mode === "sandbox";
    const { data } = await operator.viewPulse();
    aheadMs.value = Date.parse(data.now) - Date.now();
    ownRelease ??= data.release;
    newRelease.value = data.release !== ownRelease;
    const before = pulse.value;
    const hasChanged = before === undefined || stateIn(before) !== stateIn(data);
    // The list of what waits is read again only then, so that a quiet server is asked one thing.
    if (hasChanged || attention.value === undefined || changes.value !== attentionIsOf) {
      attentionIsOf = changes.value;
      attention.value = (await operator.viewAttention()).data;
    }
    pulse.value = data;
    pulseFailure.value = undefined;
    if (hasChanged && before) changes.value += 1;
  } catch (thrown) {
    pulseFailure.value = failureOf(thrown);
  }
}

let attentionIsOf = 0;

/** The part of a pulse that is a state: neither the time nor the sweep, which runs every minute. */
function stateIn({ now: _, lastSweep: __, ...state }: ViewPulseResult["data"]): string {
  return JSON.stringify(state);
}
