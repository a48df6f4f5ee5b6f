import { withQuery } from "../address";
import type { Tone } from "../parts/icon";
import { printInstant, printSpan, printTimeOfDay } from "../parts/time";
import { amountText, type Entry, type Lane, laneNames, lanes } from "./entries";

const width = 150;
const left = 84;
const top = 40;
const lineHeight = 14;

/** An instant, and what happened at it. */
interface Column {
  at: string;
  sinceMs: number | undefined;
  entries: Entry[];
}

interface Props {
  entries: readonly Entry[];
  shownLanes: readonly Lane[];
  opened?: number | undefined;
  /** Where a mark leads; unless given, to the same screen with its entry opened. */
  linkTo?: LinkTo;
}

export type LinkTo = (index: number) => string;

const openHere: LinkTo = (index) => withQuery({ entry: String(index) });

/** The timeline as a diagram: a lane for each party, a column for each instant, a mark for each entry. */
export function Diagram({ entries, shownLanes, opened, linkTo = openHere }: Props) {
  const columns = columnsOf(entries);
  const rows = laneNames.filter((lane) => shownLanes.includes(lane) && entries.some((entry) => entry.lane === lane));
  const heights = rows.map((lane) => Math.max(34, ...columns.map((column) => heightOf(column, lane))) + 10);
  const tops = heights.map((_, at) => top + heights.slice(0, at).reduce((sum, one) => sum + one, 0));
  const [totalWidth, totalHeight] = [
    left + columns.length * width + 8,
    top + heights.reduce((sum, one) => sum + one, 0),
  ];
  const topOf = (lane: Lane) => tops[rows.indexOf(lane)] ?? top;
  return (
    <section
      class="diagram"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls must be reached by the keyboard
      tabIndex={0}
      aria-label="The timeline as a diagram"
      onScroll={({ currentTarget: { scrollLeft }, currentTarget }) =>
        currentTarget.querySelector(".lane-names")?.setAttribute("transform", `translate(${scrollLeft})`)
      }
    >
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: each mark in it has a name of its own */}
      <svg width={totalWidth} height={totalHeight} viewBox={`0 0 ${totalWidth} ${totalHeight}`}>
        {rows.map((lane, at) => (
          <line key={lane} class="lane-line" x1={0} x2={totalWidth} y1={tops[at]} y2={tops[at]} />
        ))}
        {columns.map((column, at) => (
          <ColumnOf
            key={column.entries[0]?.index}
            column={column}
            x={left + at * width}
            topOf={topOf}
            opened={opened}
            linkTo={linkTo}
          />
        ))}
        <g class="lane-names">
          <rect x={-left} width={2 * left - 1} height={totalHeight} />
          {rows.map((lane, at) => (
            <text key={lane} class="lane-name" x={0} y={(tops[at] ?? 0) + 20}>
              {lanes[lane]}
            </text>
          ))}
        </g>
      </svg>
    </section>
  );
}

function ColumnOf({
  column,
  x,
  topOf,
  opened,
  linkTo,
}: {
  column: Column;
  x: number;
  topOf: (lane: Lane) => number;
  opened: number | undefined;
  linkTo: LinkTo;
}) {
  const places = placesIn(column, topOf);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return (
    <g>
      <text class="moment" x={x} y={14}>
        {printTimeOfDay(column.at)}
      </text>
      <text class="since" x={x} y={29}>
        {column.sinceMs === undefined ? printInstant(column.at).slice(0, 10) : `+${printSpan(column.sinceMs)}`}
      </text>
      {places.length > 1 && <line class="together" x1={x + 6} x2={x + 6} y1={first} y2={last} />}
      {column.entries.map((entry, at) => (
        <MarkOf
          key={entry.index}
          entry={entry}
          x={x}
          y={places[at] ?? 0}
          isOpen={entry.index === opened}
          href={linkTo(entry.index)}
        />
      ))}
    </g>
  );
}

function MarkOf({ entry, x, y, isOpen, href }: { entry: Entry; x: number; y: number; isOpen: boolean; href: string }) {
  const name = `${lanes[entry.lane]}: ${entry.title}, ${entry.state}${entry.detail && `, ${entry.detail}`}`;
  return (
    <a href={href} data-entry={entry.index} class={`mark ${entry.tone}`}>
      <title>{name}</title>
      <rect
        class={isOpen ? "target opened" : "target"}
        x={x - 4}
        y={y - 12}
        width={width - 4}
        height={Math.max(24, heightOfEntry(entry))}
        rx={4}
      />
      {entry.lane === "ledger" ? (
        <Side isDebit={entry.state === "debit"} x={x + 6} y={y} />
      ) : (
        <Shape tone={entry.tone} x={x + 6} y={y} />
      )}
      {linesOfText(entry).map((line, at) => (
        <text key={at} class={at === 0 ? "label" : "label more"} x={x + 17} y={y + 4 + at * lineHeight}>
          {line}
        </text>
      ))}
    </a>
  );
}

/** A mark whose form tells the state: a disc is done, a ring is open, a cross has failed, a triangle is doubtful. */
function Shape({ tone, x, y }: { tone: Tone; x: number; y: number }) {
  if (tone === "bad") return <path class="shape" d={`M${x - 5} ${y - 5}l10 10m0-10l-10 10`} />;
  if (tone === "warn") return <path class="shape" d={`M${x} ${y - 6}l6 11h-12z`} />;
  if (tone === "off") return <path class="shape" d={`M${x - 5} ${y}h10`} />;
  return <circle class={tone === "open" ? "shape ring" : "shape disc"} cx={x} cy={y} r={5} />;
}

/** A debit points up, a credit down. */
function Side({ isDebit, x, y }: { isDebit: boolean; x: number; y: number }) {
  return <path class="shape side-mark" d={isDebit ? `M${x} ${y - 5}l5 9h-10z` : `M${x} ${y + 5}l5 -9h-10z`} />;
}

function columnsOf(entries: readonly Entry[]): Column[] {
  const columns: Column[] = [];
  for (const entry of entries) {
    const last = columns.at(-1);
    if (last?.at === entry.at) last.entries.push(entry);
    else columns.push({ at: entry.at, sinceMs: last && Date.parse(entry.at) - Date.parse(last.at), entries: [entry] });
  }
  return columns;
}

/** Places the entries of a column in their lanes, one below the other. */
function placesIn({ entries }: Column, topOf: (lane: Lane) => number): number[] {
  const used = new Map<Lane, number>();
  return entries.map((entry) => {
    const before = used.get(entry.lane) ?? 0;
    used.set(entry.lane, before + heightOfEntry(entry));
    return topOf(entry.lane) + 18 + before;
  });
}

function heightOf({ entries }: Column, lane: Lane): number {
  return entries.reduce((sum, entry) => sum + (entry.lane === lane ? heightOfEntry(entry) : 0), 0);
}

function heightOfEntry(entry: Entry): number {
  return linesOfText(entry).length * lineHeight + 14;
}

const charactersMax = 17;

/** Breaks a title where names may break, and adds the amount or the state that is no success. */
function linesOfText(entry: Entry): string[] {
  const sign = entry.lane === "ledger" ? (entry.state === "debit" ? "Dr " : "Cr ") : "";
  const more = entry.amount ? [`${sign}${amountText(entry)}`] : entry.tone === "good" ? [] : [entry.state];
  return [...broken(entry.title).slice(0, 3), ...more.flatMap(broken)];
}

/** Breaks a text into lines of at most 17 characters, rather after a separator than within a word. */
function broken(text: string): string[] {
  const parts = text.match(/[^\s\-_.]*[\s\-_.]?/g)?.flatMap((part) => part.match(/.{1,17}/gu) ?? []) ?? [];
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.trimEnd().length <= charactersMax)
      lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.length > 0 ? lines : [""];
}
