import type { CheckLedgerResult } from "#operator";
import { operator } from "../api";
import { Panel, Title } from "../parts/bars";
import { Copy, curlOf } from "../parts/copy";
import { State } from "../parts/icon";
import { Json } from "../parts/json";
import { Empty, Shown } from "../parts/states";
import { Table } from "../parts/table";
import { Balances } from "./balances";
import { useProof } from "./overview";

/** Where every cent is, and the proof that none is missing. */
export function LedgerScreen() {
  const { proof, run } = useProof<CheckLedgerResult>("books", () => operator.checkLedger());
  return (
    <>
      <Title more={<Copy forms={[{ title: "curl", text: curlOf({ method: "GET", path: "/api/v1/admin/ledger" }) }]} />}>
        Ledger
      </Title>
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
    </>
  );
}

function Invariants({ invariants }: CheckLedgerResult) {
  const sorted = invariants.toSorted((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <Table
      caption="Invariants"
      rows={sorted}
      keyOf={({ name }) => name}
      columns={[
        { title: "Invariant", cell: ({ name }) => name.replaceAll("_", " ") },
        {
          title: "Holds",
          cell: ({ ok }) => <State tone={ok ? "good" : "bad"}>{ok ? "holds" : "does not hold"}</State>,
        },
      ]}
      below={({ violations }) => violations.length > 0 && <Json value={violations} />}
    />
  );
}
