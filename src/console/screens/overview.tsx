import type { CheckLedgerResult, ReconcileResult } from "#operator";
import { operator } from "../api";
import { decimalsOf, printMinor } from "../parts/amount";
import { Panel, Title } from "../parts/bars";
import { State, wordsOf } from "../parts/icon";
import { Empty, Shown } from "../parts/states";
import { Time } from "../parts/time";
import { useProof } from "../proof";
import { attention, pulse } from "../pulse";
import type { Resource } from "../resource";
import { WaitingCards } from "./attention-list";
import { Balances } from "./balances";

/** Whether every cent is where it should be, what waits for a person, and where the money is. */
export function OverviewScreen() {
  const waiting = attention.value?.entries;
  return (
    <>
      <Title>Overview</Title>
      <div class="tiles">
        <Books />
        <Stripe />
        <Work />
      </div>
      <div class="halves">
        <Panel title="Needs you" more={<a href="/console/attention">{waiting ? `All ${waiting.length}` : "All"}</a>}>
          {waiting?.length === 0 && <Empty title="✓ Nothing waits for a person." />}
          {waiting && <WaitingCards list={waiting.slice(0, 5)} brief />}
        </Panel>
        <Panel title="Where the money is" more={<a href="/console/ledger">Ledger</a>}>
          <Balances />
        </Panel>
      </div>
    </>
  );
}

interface TileProps<T> {
  title: string;
  proof: Resource<{ result: T; at: number } | null>;
  run: () => void;
  children: (result: T) => preact.ComponentChildren;
}

function Tile<T>({ title, proof, run, children }: TileProps<T>) {
  return (
    <section class="tile">
      <h2>{title}</h2>
      <Shown of={proof} lines={2}>
        {(value) => (value ? children(value.result) : <p class="quiet">Not asked from here yet.</p>)}
      </Shown>
      <p class="foot">
        {proof.value && (
          <span class="quiet">
            <Time at={new Date(proof.value.at).toISOString()} />
          </span>
        )}
        <button type="button" onClick={run}>
          Ask now
        </button>
      </p>
    </section>
  );
}

function Books() {
  const { proof, run } = useProof<CheckLedgerResult>("books", () => operator.checkLedger());
  return (
    <Tile title="Books" proof={proof} run={run}>
      {({ ok, invariants }) => (
        <p>
          <State tone={ok ? "good" : "bad"}>
            {ok
              ? `${invariants.length} of ${invariants.length} hold`
              : `${invariants.filter((one) => !one.ok).length} of ${invariants.length} do not hold`}
          </State>{" "}
          {!ok && <a href="/console/ledger">See which</a>}
        </p>
      )}
    </Tile>
  );
}

function Stripe() {
  const { proof, run } = useProof<ReconcileResult>("stripe", () => operator.reconcile());
  return (
    <Tile title="Stripe" proof={proof} run={run}>
      {({ ok, currencies }) => (
        <>
          <p>
            <State tone={ok ? "good" : "bad"}>{ok ? "Nothing unexplained" : "Unexplained differences"}</State>
          </p>
          <p class="quiet">
            {currencies
              .map(
                ({ currency, unexplainedMinor }) =>
                  `${printMinor(unexplainedMinor, decimalsOf(currency))} ${currency.toUpperCase()}`,
              )
              .join(", ")}
          </p>
        </>
      )}
    </Tile>
  );
}

function Work() {
  const known = pulse.value;
  if (!known) return <section class="tile" />;
  const nowMs = Date.parse(known.now);
  const late = known.due.filter(({ oldest }) => oldest !== null && nowMs - Date.parse(oldest) > lateMs);
  const due = known.due.filter(({ count }) => count > 0);
  return (
    <section class="tile">
      <h2>Work</h2>
      <p>
        <State tone={late.length === 0 ? "good" : "bad"}>
          {late.length === 0 ? "In time" : `Late: ${late.map(({ kind }) => wordsOf(kind)).join(", ")}`}
        </State>
      </p>
      <p class="quiet">
        {due.length === 0
          ? "Nothing is due. "
          : `Due: ${due.map(({ kind, count }) => `${count} ${kind.replaceAll("_", " ")}`).join(", ")}. `}
        {known.failedDeliveries > 0 && `Failed deliveries: ${known.failedDeliveries}. `}
        {known.endpointsOff > 0 && `Endpoints off: ${known.endpointsOff}.`}
      </p>
      {known.lastSettledDay && <p class="quiet">{`Settled to ${known.lastSettledDay}.`}</p>}
    </section>
  );
}

/** Work that has been due for longer needs somebody to look. */
const lateMs = 5 * 60_000;
