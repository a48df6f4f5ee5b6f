import type { CheckLedgerResult } from "#operator";
import { operator } from "../api";
import { Panel, Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
import { State, wordsOf } from "../parts/icon";
import { Json } from "../parts/json";
import { Empty, Shown } from "../parts/states";
import { Balances } from "./balances";
import { useProof } from "./overview";

/** Where every cent is, and the proof that none is missing. */
export function LedgerScreen() {
  const { proof, run } = useProof<CheckLedgerResult>("books", () => operator.checkLedger());
  return (
    <>
      <Title more={<CopyScreen path="/api/v1/admin/ledger" />}>Ledger</Title>
      <div class="in-turn">
        <Panel title="Balances">
          <Balances all />
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
