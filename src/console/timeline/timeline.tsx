import { Act } from "../action";
import { query, withQuery } from "../address";
import { Copy, curlOf } from "../parts/copy";
import { FieldList } from "../parts/field";
import { State } from "../parts/icon";
import { Id, looksLikeId } from "../parts/id";
import { Json } from "../parts/json";
import { Side } from "../parts/money";
import { Name } from "../parts/name";
import { Empty } from "../parts/states";
import { type Column, Table } from "../parts/table";
import { Time } from "../parts/time";
import { isNarrow } from "../width";
import { resendDelivery } from "../writes";
import { Diagram, type LinkTo } from "./diagram";
import { amountText, type Choice, choiceIn, chosen, type Entry, type Lane, laneNames, lanes, linesOf } from "./entries";
import { Flow } from "./flow";

const pageSize = 100;

/** The timeline of an object: as a diagram, and the same as a table. What is shown of it stands in the address. */
export function Timeline({ id, entries }: { id: string; entries: readonly Entry[] }) {
  const choice = choiceIn(query.value);
  const all = chosen(entries, choice);
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const page = Math.min(pages, Math.max(1, Number(query.value.get("page") ?? pages) || pages));
  const shown = all.slice((page - 1) * pageSize, page * pageSize);
  const opened = query.value.has("entry") ? Number(query.value.get("entry")) : undefined;
  return (
    <section aria-labelledby="timeline">
      <div class="bar">
        <h2 id="timeline">Timeline</h2>
        <Lanes choice={choice} entries={entries} />
      </div>
      {pages > 1 && <Pages page={page} pages={pages} count={all.length} />}
      {shown.length === 0 ? (
        <Empty title="Nothing here">
          {entries.length === 0
            ? "Nothing has happened to it yet."
            : "No entry is in these lanes. Choose others above."}
        </Empty>
      ) : (
        <>
          {isNarrow.value ? (
            <LaneList entries={shown} />
          ) : (
            <Diagram entries={shown} shownLanes={choice.lanes} opened={opened} />
          )}
          <details class="same" open={!isNarrow.value}>
            <summary>The same as a table</summary>
            <Table
              caption="Timeline"
              columns={columns}
              rows={shown}
              keyOf={({ index }) => `entry-${index}`}
              below={(entry) => entry.index === opened && <Opened id={id} entry={entry} entries={entries} />}
            />
          </details>
        </>
      )}
    </section>
  );
}

const columns: Column<Entry>[] = [
  { title: "Time", cell: ({ at }) => <Time at={at} /> },
  { title: "Lane", cell: ({ lane }) => <span class="whole">{lanes[lane]}</span> },
  {
    title: "What",
    cell: (entry) => (
      <a class="open" data-entry={entry.index} href={toggle(entry.index)}>
        <Name text={entry.title} />
      </a>
    ),
  },
  { title: "State", cell: ({ lane, tone, state }) => (lane === "ledger" ? state : <State tone={tone}>{state}</State>) },
  { title: "Detail", cell: ({ detail }) => <Words text={detail} /> },
  { title: "Debit", align: "end", cell: ({ amount }) => amount && <Side side="debit" withCurrency {...amount} /> },
  { title: "Credit", align: "end", cell: ({ amount }) => amount && <Side side="credit" withCurrency {...amount} /> },
  { title: "Request", cell: ({ requestId }) => requestId && <Id id={requestId} /> },
];

/** A text in which ids are links. */
function Words({ text }: { text: string }) {
  return <bdi>{text.split(/( |, )/).map((word) => (looksLikeId(word) ? <Id key={word} id={word} /> : word))}</bdi>;
}

/** Leads to the same screen with the entry opened, or closed if it is open. */
function toggle(index: number): string {
  return withQuery({ entry: query.value.get("entry") === String(index) ? undefined : String(index) });
}

/** Everything that is known of one entry, and the flow of its change's money. */
function Opened({ id, entry, entries }: { id: string; entry: Entry; entries: readonly Entry[] }) {
  const lines = entry.version === undefined ? [] : linesOf(entries, entry);
  const path = `/api/v1/admin/timeline?id=${encodeURIComponent(id)}`;
  return (
    <div class="opened" data-opened={entry.index}>
      <div class="bar">
        <strong>
          <bdi>{entry.title}</bdi>
        </strong>
        <Copy
          forms={[
            { title: "JSON", text: JSON.stringify(entry.raw, null, 2) },
            { title: "curl", text: curlOf({ method: "GET", path }) },
            { title: "Link", text: location.href },
          ]}
        />
      </div>
      <FieldList row={entry.raw} />
      {entry.raw.kind === "delivery" && entry.tone !== "open" && <Act action={resendDelivery(deliveryOf(entry))} />}
      {lines.length > 0 && <Flow lines={lines} />}
      <details>
        <summary>JSON</summary>
        <Json value={entry.raw} />
      </details>
    </div>
  );
}

/** The delivery as its list names it. */
function deliveryOf({ raw }: Entry) {
  const { endpointId, eventId, ...rest } = raw as unknown as Record<string, unknown>;
  return { ...rest, id: `${endpointId}.${eventId}` };
}

function Lanes({ choice, entries }: { choice: Choice; entries: readonly Entry[] }) {
  const toggled = (lane: Lane) => {
    const next = laneNames.filter((one) => choice.lanes.includes(one) !== (one === lane));
    return withQuery({ lanes: next.length === laneNames.length ? undefined : next.join(","), page: undefined });
  };
  return (
    <nav class="chips" aria-label="What the timeline shows">
      {laneNames.map((lane) => (
        <a
          key={lane}
          href={toggled(lane)}
          aria-current={choice.lanes.includes(lane) ? "true" : undefined}
          data-lane={lane}
        >
          {choice.lanes.includes(lane) ? "✓ " : "– "}
          {lanes[lane]} <span class="count">{entries.filter((one) => one.lane === lane).length}</span>
        </a>
      ))}
      <a
        href={withQuery({ only: choice.failedOnly ? undefined : "failed", page: undefined })}
        aria-current={choice.failedOnly ? "true" : undefined}
      >
        {choice.failedOnly ? "✓ " : "– "}Failed only
      </a>
    </nav>
  );
}

function Pages({ page, pages, count }: { page: number; pages: number; count: number }) {
  return (
    <nav class="pages" aria-label="Pages of the timeline">
      {page > 1 && <a href={withQuery({ page: String(page - 1) })}>Earlier</a>}
      <span>{`Page ${page} of ${pages}, ${count} entries`}</span>
      {page < pages && <a href={withQuery({ page: String(page + 1) })}>Later</a>}
    </nav>
  );
}

/** The lanes as a list from top to bottom, where the diagram would not fit. */
export function LaneList({ entries, linkTo = toggle }: { entries: readonly Entry[]; linkTo?: LinkTo }) {
  return (
    <ol class="lane-list" aria-label="The timeline as a diagram">
      {entries.map((entry) => (
        <li key={entry.index} class={entry.tone}>
          <a href={linkTo(entry.index)} data-entry={entry.index}>
            {entry.lane === "ledger" ? <strong>Ledger</strong> : <State tone={entry.tone}>{lanes[entry.lane]}</State>}{" "}
            <bdi class="name">{entry.title}</bdi>
            {entry.amount && ` ${entry.state === "debit" ? "Dr" : "Cr"} ${amountText(entry)}`}
            {entry.detail && <span class="quiet"> {entry.detail}</span>}
          </a>
          <small>
            <Time at={entry.at} />
          </small>
        </li>
      ))}
    </ol>
  );
}
