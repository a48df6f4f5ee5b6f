import { useState } from "preact/hooks";
import type { CheckLedgerResult } from "#operator";
import { instantOf } from "../action-fields";
import { go, query, withQuery } from "../address";
import { operator } from "../api";
import { Panel, Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
import { State, wordsOf } from "../parts/icon";
import { Json } from "../parts/json";
import { Empty, Shown } from "../parts/states";
import { printInstant } from "../parts/time";
import { useProof } from "../proof";
import { Balances } from "./balances";

/** Where every cent is, and the proof that none is missing. */
export function LedgerScreen() {
  const asOf = query.value.get("as_of") ?? "";
  const { proof, run } = useProof<CheckLedgerResult>("books", () => operator.checkLedger(), {
    byItself: !query.value.has("account"),
  });
  return (
    <>
      <Title more={<CopyScreen path={`/api/v1/admin/ledger${asOf && `?as_of=${encodeURIComponent(asOf)}`}`} />}>
        Ledger
      </Title>
      <div class="in-turn">
        <Panel title="Balances" more={<Moment asOf={asOf} />}>
          <Balances all asOf={asOf} />
        </Panel>
        <Panel
          title="Proof of the books"
          more={
            <button type="button" onClick={run}>
              Prove now
            </button>
          }
        >
          <Shown of={proof} lines={6}>
            {(value) =>
              value ? (
                <Invariants {...value.result} />
              ) : (
                <Empty title="Not asked yet">The proof reads everything, so it runs at a click.</Empty>
              )
            }
          </Shown>
        </Panel>
      </div>
    </>
  );
}

/** The moment of the balances: the present one, or one that is typed, and stands in the address. */
function Moment({ asOf }: { asOf: string }) {
  const [typed, setTyped] = useState(asOf && printInstant(asOf, "utc"));
  const read = instantOf(typed);
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === "" || read) go(withQuery({ as_of: read }));
      }}
    >
      <label for="as-of">
        As of (UTC)
        <input
          id="as-of"
          value={typed}
          placeholder="now"
          autocomplete="off"
          aria-invalid={typed.trim() !== "" && !read}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <button type="submit">Show</button>
      {asOf && (
        <a href={withQuery({ as_of: undefined })} onClick={() => setTyped("")}>
          Now
        </a>
      )}
    </form>
  );
}

/** Those that do not hold with what violates them, and then the others. */
function Invariants({ invariants }: CheckLedgerResult) {
  const [broken, holding] = [invariants.filter(({ ok }) => !ok), invariants.filter(({ ok }) => ok)];
  return (
    <>
      {broken.map(({ name, violations }) => (
        <div key={name} class="notice failed">
          <State tone="bad">{`does not hold: ${wordsOf(name)}`}</State>
          <Json value={violations} />
        </div>
      ))}
      <p>
        <State tone={broken.length === 0 ? "good" : "bad"}>{`${holding.length} of ${invariants.length} hold`}</State>
      </p>
      <ul class="holds">
        {holding.map(({ name }) => (
          <li key={name}>
            <span aria-hidden="true">✓</span> {wordsOf(name)}
          </li>
        ))}
      </ul>
    </>
  );
}
