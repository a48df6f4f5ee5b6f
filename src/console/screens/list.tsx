import type { ComponentChildren } from "preact";
import { go, query, withQuery } from "../address";
import { Title } from "../parts/bars";
import { Copy, curlOf } from "../parts/copy";
import { Empty, Shown } from "../parts/states";
import { type Column, Table } from "../parts/table";
import { useResource } from "../resource";

export interface Page<Row> {
  data: readonly Row[];
  has_more: boolean;
  scanned_to?: string | undefined;
}

export interface Filter {
  name: string;
  label: string;
  /** The values to choose from; without them it is typed. */
  values?: readonly string[];
}

interface Props<Row> {
  title: string;
  /** The path of the list, for curl. */
  path: string;
  read: (query: Record<string, string>) => Promise<Page<Row>>;
  columns: readonly Column<Row>[];
  filters?: readonly Filter[];
  empty: ComponentChildren;
  keyOf: (row: Row) => string;
  below?: (row: Row, at: number) => ComponentChildren;
  inside?: boolean;
}

/** A list of the operator API: filters in the address, one page at a time, which does not jump. */
export function ListScreen<Row>({
  title,
  path,
  read,
  columns,
  filters = [],
  empty,
  keyOf,
  below,
  inside = false,
}: Props<Row>) {
  const names = [...filters.map(({ name }) => name), "starting_after"];
  const asked = Object.fromEntries(
    names.flatMap((name) => [[name, query.value.get(name) ?? ""]]).filter(([, value]) => value),
  );
  const text = new URLSearchParams(asked).toString();
  const page = useResource(`${path}?${text}`, () => read(asked), { steady: true });
  const isFiltered = filters.some(({ name }) => asked[name]);
  return (
    <>
      {inside ? (
        <h2>{title}</h2>
      ) : (
        <Title
          more={
            <Copy
              forms={[
                { title: "curl", text: curlOf({ method: "GET", path: text ? `${path}?${text}` : path }) },
                { title: "Link", text: location.href },
              ]}
            />
          }
        >
          {title}
        </Title>
      )}
      {filters.length > 0 && <Filters filters={filters} asked={asked} />}
      <Shown of={page} lines={8}>
        {(value) => (
          <>
            {value.data.length === 0 ? (
              <Empty title="Nothing here">{isFiltered ? "Nothing fits these filters." : empty}</Empty>
            ) : (
              <Table caption={title} columns={columns} rows={value.data} keyOf={keyOf} {...(below && { below })} />
            )}
            <nav class="pages" aria-label={`Pages of ${title}`}>
              {asked.starting_after && <a href={withQuery({ starting_after: undefined })}>The newest</a>}
              {value.has_more && (
                <a href={withQuery({ starting_after: value.scanned_to ?? lastId(value.data, keyOf) })}>Older</a>
              )}
            </nav>
          </>
        )}
      </Shown>
    </>
  );
}

function lastId<Row>(rows: readonly Row[], keyOf: (row: Row) => string): string | undefined {
  const last = rows.at(-1);
  return last === undefined ? undefined : ((last as { id?: string }).id ?? keyOf(last));
}

function Filters({ filters, asked }: { filters: readonly Filter[]; asked: Record<string, string> }) {
  return (
    <search class="filters" aria-label="Filters">
      {filters.map(({ name, label, values }) => {
        const set = (value: string) => go(withQuery({ [name]: value, starting_after: undefined }));
        return (
          <label key={name} for={`filter-${name}`}>
            {label}
            {values ? (
              <select
                id={`filter-${name}`}
                value={asked[name] ?? ""}
                onChange={({ currentTarget }) => set(currentTarget.value)}
              >
                <option value="">Any</option>
                {values.map((value) => (
                  <option key={value} value={value}>
                    {value}
                  </option>
                ))}
              </select>
            ) : (
              <input
                id={`filter-${name}`}
                value={asked[name] ?? ""}
                onChange={({ currentTarget }) => set(currentTarget.value.trim())}
              />
            )}
          </label>
        );
      })}
    </search>
  );
}
