import { useState } from "preact/hooks";
import { printInstant } from "../parts/time";
import { aheadMs } from "../pulse";
import { tick } from "../session";
import { change, sandbox } from "./control";

const moves = [
  ["+1 hour", 3_600],
  ["+1 day", 86_400],
  ["+30 days", 30 * 86_400],
] as const;

/** The clock of the sandbox, for both sides, and by how much it is ahead. */
export function Clock() {
  const [isMoving, setMoving] = useState(false);
  const offset = sandbox.value?.clock.offsetSeconds;
  const move = async (seconds: number) => {
    setMoving(true);
    await change("POST", "clock", { advanceSeconds: seconds });
    setMoving(false);
  };
  return (
    <section class="tile">
      <h3>The clock</h3>
      <p class="numbers">
        {offset !== undefined && printInstant(new Date(tick.value + aheadMs.value).toISOString(), "utc").slice(0, 19)}{" "}
        UTC
      </p>
      <p role="status" data-offset={offset}>
        {isMoving ? "Moving; what becomes due is done." : offset === undefined ? "" : saidOf(offset)}
      </p>
      <p class="row">
        {moves.map(([title, seconds]) => (
          <button key={title} type="button" disabled={isMoving} onClick={() => void move(seconds)}>
            {title}
          </button>
        ))}
      </p>
    </section>
  );
}

/** Says by how much the clock is ahead: "1 d 2 h 3 min ahead". */
function saidOf(offsetSeconds: number): string {
  if (offsetSeconds === 0) return "As on this machine";
  const minutes = Math.round(Math.abs(offsetSeconds) / 60);
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  const said = parts.flatMap(([count, unit]) => (count > 0 ? `${count} ${unit}` : []));
  return `${said.join(" ") || "less than a minute"} ${offsetSeconds > 0 ? "ahead" : "behind"} of this machine`;
}
