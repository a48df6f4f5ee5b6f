import type { ComponentChildren } from "preact";
import { read } from "../api";
import { Panel } from "../parts/bars";
import { FieldList, type Row, Rows, titleOf } from "../parts/field";
import { Failed, Loading } from "../parts/states";
import { attention } from "../pulse";
import { useResource } from "../resource";
import { Explanation, type Why } from "./explanation";

export type Parts = Readonly<Record<string, Row | readonly Row[]>>;

type Answer = { data: Parts };

/** Whether no card above says the same. */
function isNotAbove({ code, since }: Why): boolean {
  return !attention.value?.entries.some(({ explanation: told }) => told?.code === code && told.since === since);
}

/** Everything that the API tells of one thing beside its timeline: its own fields, why it waits, and what belongs to it. */
export function Detail({
  path,
  above,
  below,
  isOpen = false,
  children,
}: {
  path: string;
  above?: ComponentChildren;
  /** Whether what belongs to it is shown at once. */
  isOpen?: boolean;
  /** The part that comes last. It is shown when all others are there, so that nothing is pushed down. */
  below?: ComponentChildren;
  /** The part between its own fields and the lists of what belongs to it. */
  children?: (thing: Row, parts: Parts) => ComponentChildren;
}) {
  const detail = useResource(path, async () => (await read<Answer>(path)).data);
  const { value, failure } = detail;
  if (!value) {
    if (!failure) return <Loading lines={8} />;
    return (
      <>
        {above}
        {failure.status !== 404 && <Failed failure={failure} again={detail.again} />}
        {below}
      </>
    );
  }
  const { explanations = [], ...members } = value as typeof value & { explanations?: readonly Why[] };
  const [[, thing] = [], ...parts] = Object.entries(members);
  const one = parts.filter((part): part is [string, Row] => !Array.isArray(part[1]) && part[1] !== null);
  const lists = parts.filter((part): part is [string, readonly Row[]] => Array.isArray(part[1]) && part[1].length > 0);
  return (
    <>
      {failure && failure.status !== 404 && <Failed failure={failure} again={detail.again} />}
      {above}
      {explanations.filter(isNotAbove).map((why) => (
        <Explanation key={`${why.about?.kind} ${why.about?.id}`} why={why} />
      ))}
      {thing && !Array.isArray(thing) && (
        <>
          <FieldList row={thing as Row} />
          {children?.(thing as Row, members)}
        </>
      )}
      {one.map(([name, row]) => (
        <Panel key={name} title={titleOf(name)}>
          <FieldList row={row} />
        </Panel>
      ))}
      {lists.map(([name, rows]) => (
        <details key={name} class="part" open={isOpen}>
          <summary>
            {titleOf(name)} <span class="count">{rows.length}</span>
          </summary>
          <Rows caption={titleOf(name)} rows={rows} />
        </details>
      ))}
      {below}
    </>
  );
}
