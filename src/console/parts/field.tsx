import { toneOfState } from "../timeline/tone";
import { State, wordsOf } from "./icon";
import { Id, looksLikeId, shortened } from "./id";
import { Json } from "./json";
import { Money } from "./money";
import { Name } from "./name";
import { type Column, Table } from "./table";
import { Time } from "./time";

export type Row = Readonly<Record<string, unknown>>;

/** Amounts of transfers come as decimals, and all others in minor units under a name that says so. */
const transferAmounts = /^(amount|balance|debitLimit|(opening|closing)Balance|netAmount|totalCredited|totalDebited)$/;

/** A field of a row, by what its name and value say that it is. */
function Field({ name, row }: { name: string; row: Row }) {
  const value = row[name];
  const currency = typeof row.currency === "string" ? row.currency : "";
  if (value === null || value === undefined || value === "") return <span class="none">–</span>;
  if (typeof value === "boolean" || name === "live") return <>{value ? "yes" : "no"}</>;
  if (name.endsWith("Minor")) return <Money minor={value as number} currency={currency} />;
  if (transferAmounts.test(name)) return <Decimal text={String(value)} currency={currency} />;
  if (/^(state|status)$/.test(name))
    return <State tone={toneOfState(String(value)).tone}>{String(value).toLowerCase().replaceAll("_", " ")}</State>;
  if (typeof value === "object")
    return Array.isArray(value) && value.every(isPlain) ? <bdi>{value.join(", ")}</bdi> : <Json value={value} />;
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return <Time at={text} />;
  return looksLikeId(text) ? <Id id={text} /> : isName(text) ? <Name text={text} /> : <bdi>{text}</bdi>;
}

/** The text of the link that opens a row. The middle of an id is left out. */
function First({ text }: { text: string }) {
  return looksLikeId(text) ? (
    <span class="id" title={text}>
      {shortened(text)}
    </span>
  ) : (
    <bdi class={/^\d{4}-\d\d-\d\d$/.test(text) ? "whole" : ""}>{text}</bdi>
  );
}

function isName(text: string): boolean {
  return text.length <= 40 && /^[\w.-]+$/.test(text);
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object";
}

/** An amount that came with its decimals. */
function Decimal({ text, currency }: { text: string; currency: string }) {
  const [, sign = "", whole = text, part = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return (
    <span class="amount">
      {`${sign && "−"}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${part}`} <span class="currency">{currency}</span>
    </span>
  );
}

/** Makes columns of the names of fields. The first one opens the row, if there is where to. */
export function columnsOf(names: readonly string[], hrefOf?: (row: Row) => string): Column<Row>[] {
  return names.map((name, at) => ({
    title: titleOf(name),
    ...(isAmount(name) && { align: "end" as const }),
    cell: (row) =>
      at === 0 && hrefOf ? (
        <a class="open" href={hrefOf(row)}>
          <First text={String(row[name] ?? "–")} />
        </a>
      ) : (
        <Field name={name} row={row} />
      ),
  }));
}

function isAmount(name: string): boolean {
  return (
    name.endsWith("Minor") ||
    transferAmounts.test(name) ||
    /^(attempts|transactionCount|applicationCount|generation)$/.test(name)
  );
}

const titles: Record<string, string> = { id: "Id", aggregateId: "Object", url: "URL", orderId: "Order id" };

/** "priceMinor" becomes "Price", and "clientId" becomes "Client". */
export function titleOf(name: string): string {
  return titles[name] ?? wordsOf(name.replace(/(Minor|Id)$/, "").replace(/([a-z])([A-Z])/g, "$1 $2"));
}

/** Rows with whatever fields they have. */
export function Rows({ caption, rows }: { caption: string; rows: readonly Row[] }) {
  const names = Object.keys(rows[0] ?? {}).filter((name) =>
    rows.some((row) => row[name] !== null && typeof row[name] !== "object"),
  );
  return <Table caption={caption} columns={columnsOf(names)} rows={rows} keyOf={(row, at) => String(row.id ?? at)} />;
}

/** The fields of one row as a list, and its ids below. */
export function FieldList({ row }: { row: Row }) {
  const names = Object.keys(row).filter((name) => row[name] !== null && row[name] !== "");
  const isId = (name: string) => looksLikeId(String(row[name]));
  return (
    <>
      <Facts names={names.filter((name) => !isId(name))} row={row} />
      <Facts names={names.filter(isId)} row={row} />
    </>
  );
}

function Facts({ names, row }: { names: readonly string[]; row: Row }) {
  if (names.length === 0) return null;
  return (
    <dl class="facts">
      {names.map((name) => (
        <div key={name}>
          <dt>{titleOf(name)}</dt>
          <dd>
            <Field name={name} row={row} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
