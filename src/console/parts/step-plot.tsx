import { isNarrow } from "../width";
import { printMinor } from "./amount";
import { printInstant } from "./time";

/** A balance from a moment on, in minor units. */
export interface Level {
  at: string;
  minor: bigint;
}

interface Props {
  /** The subject of the plot, for those who do not see it. */
  name: string;
  /** The first level is the opening one; the last one lasts until `to`. */
  levels: readonly Level[];
  to: string;
  digits: number;
}

const wide = { width: 720, height: 200, left: 96, right: 12, top: 14, bottom: 26 };
const narrow = { ...wide, width: 340, left: 80, right: 4 };

/** A balance over time. It changes in steps, so nothing is drawn between two of its values. */
export function StepPlot({ name, levels, to, digits }: Props) {
  const size = isNarrow.value ? narrow : wide;
  const [first, last] = [levels[0], levels.at(-1)];
  if (!first || !last) return null;
  const values = levels.map(({ minor }) => minor);
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
  const low = values.reduce((a, b) => (a < b ? a : b), 0n);
  // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint
  const high = values.reduce((a, b) => (a > b ? a : b), 0n);
  const [fromMs, toMs] = [Date.parse(first.at), Date.parse(to)];
  // Floats are for the drawing alone.
  const x = (at: string) => {
    const part = (Date.parse(at) - fromMs) / Math.max(1, toMs - fromMs);
    return size.left + part * (size.width - size.left - size.right);
  };
  const y = (minor: bigint) => {
    const part = Number(((minor - low) * 10_000n) / (high - low || 1n)) / 10_000;
    return size.height - size.bottom - part * (size.height - size.top - size.bottom);
  };
  const line = levels.map(
    ({ at, minor }, place) => `${place === 0 ? "M" : "H"}${x(at)}${place === 0 ? "," : "V"}${y(minor)}`,
  );
  const ticks = [...new Set([high, 0n, low])];
  const said = `${name}: ${printMinor(first.minor.toString(), digits)} at first, ${printMinor(last.minor.toString(), digits)} at last, between ${printMinor(low.toString(), digits)} and ${printMinor(high.toString(), digits)}`;
  return (
    <svg class="step-plot" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={said}>
      {ticks.map((minor) => (
        <g key={String(minor)}>
          <line class="lane-line" x1={size.left} x2={size.width - size.right} y1={y(minor)} y2={y(minor)} />
          <text x={size.left - 8} y={y(minor) + 4} text-anchor="end">
            {printMinor(minor.toString(), digits)}
          </text>
        </g>
      ))}
      <path class="steps-line" d={`${line.join("")}H${size.width - size.right}`} />
      <text class="more" x={size.left} y={size.height - 6}>
        {printInstant(first.at).slice(0, 16)}
      </text>
      <text class="more" x={size.width - size.right} y={size.height - 6} text-anchor="end">
        {printInstant(to).slice(0, 16)}
      </text>
    </svg>
  );
}
