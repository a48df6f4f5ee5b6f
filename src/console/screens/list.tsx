import type { ComponentChildren } from "preact";
import { go, query, withQuery } from "../address";
import { Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
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
  /** Whether it is a part of a screen, and what its filters begin with in the address of such a screen. */
  inside?: boolean;
  prefix?: string;
}

/** A list of the operator API: filters in the address, one page at a time, which does not jump. */
export function ListScreen<Row>(props: Props<Row>) {
  const { title, path, read, columns, filters = [], empty, keyOf, below, inside = false, prefix = "" } = props;
  const names = [...filters.map(({ name }) => name), "starting_after"];
  const asked: Record<string, string> = {};
  for (const name of names) {
    const value = query.value.get(prefix + name);
    if (value) asked[name] = value;
  }
  const text = new URLSearchParams(asked).toString();
  const page = useResource(`${path}?${text}`, () => read(asked), { steady: true });
  const isFiltered = filters.some(({ name }) => asked[name]);
  return (
    <section class={inside ? "inside" : ""}>
      {inside ? <h2>{title}</h2> : <Title more={<CopyScreen path={text ? `${path}?${text}` : path} />}>{title}</Title>}
      {filters.length > 0 && <Filters filters={filters} asked={asked} prefix={prefix} />}
      <Shown of={page} lines={8}>
        {(value) => (
          <>
            {value.data.length === 0 ? (
              <Empty title="Nothing here">{isFiltered ? "Nothing fits these filters." : empty}</Empty>
            ) : (
              <Table caption={title} columns={columns} rows={value.data} keyOf={keyOf} {...(below && { below })} />
            )}
            <nav class="pages" aria-label={`Pages of ${title}`}>
              {asked.starting_after && <a href={withQuery({ [`${prefix}starting_after`]: undefined })}>The newest</a>}
              {value.has_more && (
                <a href={withQuery({ [`${prefix}starting_after`]: value.scanned_to ?? lastId(value.data, keyOf) })}>
                  Older
                </a>
              )}
            </nav>
          </>
        )}
      </Shown>
    </section>
  );
}

function lastId<Row>(rows: readonly Row[], keyOf: (row: Row) => string): string | undefined {
  const last = rows.at(-1);
  return last === undefined ? undefined : ((last as { id?: string }).id ?? keyOf(last));
}

function Filters({
  filters,
  asked,
  prefix,
}: {
  filters: readonly Filter[];
  asked: Record<string, string>;
  prefix: string;
}) {
  return (
    <search class="filters" aria-label="Filters">
      {filters.map(({ name, label, values }) => {
        const set = (value: string) =>
          go(withQuery({ [prefix + name]: value, [`${prefix}starting_after`]: undefined }));
        return (
          <label key={name} for={`filter-${prefix}${name}`}>
            {label}
            {values ? (
              <select
                id={`filter-${prefix}${name}`}
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
                id={`filter-${prefix}${name}`}
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
