import { decimalsOf, printMinor, sumMinor } from "../parts/amount";
import { amountText, type Entry } from "./entries";

const size = { width: 640, row: 46, bar: 12, label: 190 };

/** A part of the money of a change, from an account that is credited to one that is debited. */
interface Ribbon {
  from: number;
  to: number;
  minor: bigint;
}

/** The money of one change, by currency: from the accounts that are credited to those that are debited. */
export function Flow({ lines }: { lines: readonly Entry[] }) {
  const byCurrency = Map.groupBy(lines, ({ amount }) => amount?.currency ?? "");
  return (
    <div class="flows">
      {[...byCurrency].map(([currency, own]) => (
        <FlowOf key={currency} currency={currency} lines={own} />
      ))}
    </div>
  );
}

function FlowOf({ currency, lines }: { currency: string; lines: readonly Entry[] }) {
  const credits = lines.filter(({ amount }) => String(amount?.minor).startsWith("-"));
  const debits = lines.filter((line) => !credits.includes(line));
  const rows = Math.max(credits.length, debits.length);
  const height = rows * size.row + 8;
  const sum = sumMinor(lines.map(({ amount }) => amount?.minor ?? 0));
  const [x1, x2] = [size.label + size.bar, size.width - size.label - size.bar];
  const mid = (at: number) => at * size.row + 22;
  return (
    <figure class="flow">
      <figcaption>
        {`${currency.toUpperCase()}: from the accounts credited (left) to those debited (right). `}
        <strong>{`Sum ${printMinor(sum, decimalsOf(currency))} ${sum === "0" ? "✓" : "✗"}`}</strong>
      </figcaption>
      <div class="scrolls">
        <svg
          viewBox={`0 0 ${size.width} ${height}`}
          width={size.width}
          height={height}
          role="img"
          aria-label={saidOf(credits, debits)}
        >
          {ribbonsOf(credits, debits).map(({ from, to, minor }) => (
            <path
              key={`${from} ${to}`}
              class="ribbon"
              d={`M${x1} ${mid(from)}C${(x1 + x2) / 2} ${mid(from)} ${(x1 + x2) / 2} ${mid(to)} ${x2} ${mid(to)}`}
              stroke-width={widthOf(minor, lines)}
            />
          ))}
          {credits.map((line, at) => (
            <End key={line.index} line={line} x={size.label} y={mid(at)} anchor="end" textX={size.label - 8} />
          ))}
          {debits.map((line, at) => (
            <End key={line.index} line={line} x={x2} y={mid(at)} anchor="start" textX={x2 + size.bar + 8} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

function End({
  line,
  x,
  y,
  anchor,
  textX,
}: {
  line: Entry;
  x: number;
  y: number;
  anchor: "start" | "end";
  textX: number;
}) {
  return (
    <g>
      <rect class="account" x={x} y={y - 16} width={size.bar} height={32} rx={2} />
      <text class="label" x={textX} y={y - 2} text-anchor={anchor}>
        {line.title}
      </text>
      <text class="label more" x={textX} y={y + 13} text-anchor={anchor}>
        {amountText(line)}
      </text>
    </g>
  );
}

const minorOf = (line: Entry) => {
  const minor = BigInt(line.amount?.minor ?? 0);
  return minor < 0n ? -minor : minor;
};

/** Matches credits with debits in their order, so that each ribbon carries as much as both ends still have. */
function ribbonsOf(credits: readonly Entry[], debits: readonly Entry[]): Ribbon[] {
  const [left, right] = [credits.map(minorOf), debits.map(minorOf)];
  const ribbons: Ribbon[] = [];
  for (let from = 0, to = 0; from < left.length && to < right.length; ) {
    const [has = 0n, wants = 0n] = [left[from], right[to]];
    // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
    const minor = has < wants ? has : wants;
    if (minor > 0n) ribbons.push({ from, to, minor });
    left[from] = has - minor;
    right[to] = wants - minor;
    if (has - minor === 0n) from += 1;
    if (wants - minor === 0n) to += 1;
  }
  return ribbons;
}

/** The widest ribbon is 26 units wide, the others by their share; the float is for the drawing alone. */
function widthOf(minor: bigint, lines: readonly Entry[]): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint
  const most = lines.map(minorOf).reduce((a, b) => (a > b ? a : b), 1n);
  return Math.max(2, Number((minor * 2600n) / most) / 100);
}

function saidOf(credits: readonly Entry[], debits: readonly Entry[]): string {
  const list = (all: readonly Entry[]) => all.map((line) => `${line.title} ${amountText(line)}`).join(", ");
  return `Credited: ${list(credits)}. Debited: ${list(debits)}.`;
}
