import { aheadMs } from "../pulse";
import { tick } from "../session";
import { type Clock, clock } from "../settings";

/** Prints an instant with milliseconds, in UTC unless the local time is chosen. */
export function printInstant(at: string, by: Clock = clock.value): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  if (by !== "local") return `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 23)}`;
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Prints a time of day with milliseconds. */
export function printTimeOfDay(at: string): string {
  return printInstant(at).slice(11);
}

const steps = [
  [1_000, "ms"],
  [60_000, "s"],
  [3_600_000, "min"],
  [86_400_000, "h"],
  [Number.POSITIVE_INFINITY, "d"],
] as const;

/** Prints a span in its largest unit: "850 ms", "12 s", "3 h". */
export function printSpan(spanMs: number): string {
  let unitMs = 1;
  for (const [belowMs, unit] of steps) {
    if (Math.abs(spanMs) < belowMs) return `${Math.round(Math.abs(spanMs) / unitMs)} ${unit}`;
    unitMs = belowMs;
  }
  return "";
}

/** An instant by the chosen clock; "now" is the server's, which in the sandbox is moved. */
export function Time({ at, relative = false }: { at: string | null | undefined; relative?: boolean }) {
  if (!at) return <span class="none">–</span>;
  const isRelative = relative || clock.value === "relative";
  const behindMs = isRelative ? tick.value + aheadMs.value - Date.parse(at) : 0;
  const spoken = behindMs >= 0 ? `${printSpan(behindMs)} ago` : `in ${printSpan(behindMs)}`;
  const exact = printInstant(at, clock.value === "local" ? "local" : "utc");
  return (
    <time dateTime={at} title={`${exact} ${clock.value === "local" ? "local time" : "UTC"}`}>
      {isRelative ? (Math.abs(behindMs) < 1_000 ? "now" : spoken) : exact}
    </time>
  );
}
