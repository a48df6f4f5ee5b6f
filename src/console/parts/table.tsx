import type { ComponentChildren } from "preact";

export interface Column<Row> {
  title: string;
  cell: (row: Row, at: number) => ComponentChildren;
  /** Amounts and counts end at the same edge. */
  align?: "end";
}

interface Props<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, at: number) => string;
  /** The part below a row that is opened. */
  below?: (row: Row, at: number) => ComponentChildren;
}

/** A table; where there is little width each row is a card. `j` and `k` go through the rows, Enter opens one. */
export function Table<Row>({ caption, columns, rows, keyOf, below }: Props<Row>) {
  return (
    <div class="wide">
      <table>
        <caption class="hidden-text">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, align }) => (
              <th key={title} scope="col" class={align ?? ""}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => {
            const more = below?.(row, at);
            return [
              <tr key={keyOf(row, at)} data-row={keyOf(row, at)}>
                {columns.map(({ title, cell, align }) => (
                  <td key={title} data-title={title} class={align ?? ""}>
                    {cell(row, at)}
                  </td>
                ))}
              </tr>,
              more ? (
                <tr key={`${keyOf(row, at)} more`} class="more">
                  <td colSpan={columns.length}>{more}</td>
                </tr>
              ) : null,
            ];
          })}
        </tbody>
      </table>
    </div>
  );
}
