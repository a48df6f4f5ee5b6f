/**
 * What writes down that the database was put back, as text: it is also run past the Worker, before that serves anybody.
 * Where an earlier restore is still being searched, the earlier moment counts. All in milliseconds since 1970.
 */
export function markStatement(restoredToMs: number, markedAtMs: number, movedAtMs: number): string {
  const rows = [
    ["restored-to", restoredToMs],
    ["restored-at", markedAtMs],
    ["recovering", markedAtMs],
  ].map(([name, value]) => `('${name}', ${value}, ${movedAtMs})`);
  return `insert into cursors (name, value, moved_at) values ${rows.join(", ")}
    on conflict (name) do update set moved_at = excluded.moved_at, value = case
      when excluded.name = 'restored-to' and exists (select 1 from cursors where name = 'recovering')
      then min(value, excluded.value) else excluded.value end`;
}
