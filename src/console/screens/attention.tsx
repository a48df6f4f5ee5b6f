import { query, withQuery } from "../address";
import { Title } from "../parts/bars";
import { wordsOf } from "../parts/icon";
import { Empty, Failed, Loading } from "../parts/states";
import { attention, pulseFailure } from "../pulse";
import { sentences } from "../sentences";
import { WaitingCards } from "./attention-list";

/** Everything that waits for a person, the longest first. */
export function AttentionScreen() {
  const list = sentences.value && attention.value;
  const kind = query.value.get("kind");
  const kinds = [...new Set(list?.entries.map((one) => one.kind))];
  const shown = list?.entries.filter((one) => kind === null || one.kind === kind) ?? [];
  return (
    <>
      <Title>Attention</Title>
      {pulseFailure.value && !list && <Failed failure={pulseFailure.value} />}
      {!list && !pulseFailure.value && <Loading />}
      {list && kinds.length > 1 && (
        <nav class="chips" aria-label="Kinds">
          <a href={withQuery({ kind: undefined })} aria-current={kind === null ? "true" : undefined}>
            All <span class="count">{list.entries.length}</span>
          </a>
          {kinds.map((one) => (
            <a key={one} href={withQuery({ kind: one })} aria-current={kind === one ? "true" : undefined}>
              {wordsOf(one)} <span class="count">{list.entries.filter((entry) => entry.kind === one).length}</span>
            </a>
          ))}
        </nav>
      )}
      {list && shown.length === 0 && (
        <Empty title="✓ Nothing waits for a person.">
          What Stripe refuses, what fails for good and what takes too long is listed here, with what may be done.
        </Empty>
      )}
      <WaitingCards list={shown} />
      {list && list.full.length > 0 && (
        <p class="quiet">{`There may be more of: ${list.full.map(wordsOf).join(", ")}.`}</p>
      )}
    </>
  );
}
