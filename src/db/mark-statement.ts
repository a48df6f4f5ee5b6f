/**
 * Makes the statement that records a restore of the database, as text: it is also run outside the Worker, before that
 * serves anybody. If an earlier restore is still being searched, the earlier moment counts. All times are in
 * milliseconds since 1970; outside the Worker, the database's own clock says when the mark was made.
 */
export function markStatement(restoredToMs: number, markedAtMs: number | "unixepoch() * 1000"): string {
  return `insert into cursors (name, value, moved_at, position) values ('restored', ${restoredToMs}, ${markedAtMs}, '{}')
    on conflict (name) do update set moved_at = excluded.moved_at, position = excluded.position,
      value = case when position is null then excluded.value else min(value, excluded.value) end`;
}
