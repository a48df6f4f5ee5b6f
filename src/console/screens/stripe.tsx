import type { ListStripeEventsResult, ReconcileAccountsResult, ReconcileResult } from "#operator";
import { Act, type Action } from "../action";
import { notePlaceholder } from "../action-fields";
import { operator } from "../api";
import { decimalsOf, printMinor } from "../parts/amount";
import { Panel, Title } from "../parts/bars";
import { State } from "../parts/icon";
import { Id } from "../parts/id";
import { Empty, Shown } from "../parts/states";
import { type Column, Table } from "../parts/table";
import { Time } from "../parts/time";
import { useProof } from "../proof";
import { toneOfState } from "../timeline/tone";
import { EverybodyScreen } from "./everybody";
import { ListScreen } from "./list";

type StripeEvent = ListStripeEventsResult["data"][number];

/** Stripe's account beside ours, and its events that could not be processed. */
export function StripeScreen() {
  const { proof, run } = useProof<ReconcileResult>("stripe", () => operator.reconcile());
  const accounts = useProof<ReconcileAccountsResult>("accounts", () => operator.reconcileAccounts(), {
    byItself: false,
  });
  const ask = (start: () => void) => (
    <button type="button" onClick={start}>
      Ask Stripe now
    </button>
  );
  return (
    <>
      <Title>Stripe</Title>
      <div class="in-turn">
        <Panel title="Our balance" more={ask(run)}>
          <Shown of={proof}>
            {(value) =>
              value ? <Compared {...value.result} /> : <Empty title="Not asked yet">Stripe is asked at a click.</Empty>
            }
          </Shown>
        </Panel>
        <Panel title="Connected accounts" more={ask(accounts.run)}>
          <Shown of={accounts.proof}>
            {(value) =>
              value ? <Accounts {...value.result} /> : <Empty title="Not asked yet">Stripe is asked at a click.</Empty>
            }
          </Shown>
        </Panel>
        <EverybodyScreen list="calls" inside />
        <ListScreen<StripeEvent>
          prefix="events."
          inside
          title="Events that were given up"
          path="/api/v1/admin/stripe-events"
          read={(query) => operator.listStripeEvents({ query })}
          keyOf={({ id }) => id}
          filters={[{ name: "type", label: "Type" }]}
          empty="Every event of Stripe's was processed, or still is."
          columns={eventColumns}
        />
      </div>
    </>
  );
}

const eventColumns: Column<StripeEvent>[] = [
  { title: "Event", cell: ({ id }) => <Id id={id} /> },
  { title: "Type", cell: ({ type }) => <bdi>{type}</bdi> },
  { title: "Object", cell: ({ objectId }) => <Id id={objectId} /> },
  { title: "State", cell: ({ state }) => <State tone={toneOfState(state).tone}>{state}</State> },
  { title: "Attempts", align: "end", cell: ({ attempts }) => attempts },
  { title: "Failure", cell: ({ failure }) => <bdi>{failure ?? "–"}</bdi> },
  { title: "Received", cell: ({ receivedAt }) => <Time at={receivedAt} /> },
  {
    title: "Do",
    cell: (event) => (
      <span class="row">
        <Act label="Replay" action={actionOn(event, "replay")} />
        <Act label="Close" action={actionOn(event, "close")} />
      </span>
    ),
  },
];

function actionOn({ id, attempts, receivedAt }: StripeEvent, end: "replay" | "close"): Action {
  const base = {
    operation: `${end}-stripe-event`,
    method: "POST",
    object: id,
    seen: `${receivedAt}:${attempts}`,
  };
  const body = end === "close" ? { body: { note: notePlaceholder } } : {};
  return { ...base, path: `/api/v1/admin/stripe-events/${id}/${end}`, ...body };
}

function Compared({ ok, currencies, unexplained }: ReconcileResult) {
  const minor = (value: number, currency: string) => (
    <span class="amount">{printMinor(value, decimalsOf(currency))}</span>
  );
  return (
    <>
      <p>
        <State tone={ok ? "good" : "bad"}>{ok ? "Stripe agrees" : "Stripe does not agree"}</State>
      </p>
      <Table
        caption="Our balance at Stripe by currency"
        rows={currencies}
        keyOf={({ currency }) => currency}
        columns={[
          { title: "Currency", cell: ({ currency }) => currency.toUpperCase() },
          { title: "Stripe", align: "end", cell: (row) => minor(row.stripeBalanceMinor, row.currency) },
          { title: "Ledger", align: "end", cell: (row) => minor(row.ledgerBalanceMinor, row.currency) },
          { title: "Awaited", align: "end", cell: (row) => minor(row.awaitedMinor, row.currency) },
          { title: "Unexplained", align: "end", cell: (row) => minor(row.unexplainedMinor, row.currency) },
        ]}
      />
      {unexplained.length > 0 && <Unexplained lines={unexplained} />}
    </>
  );
}

function Unexplained({ lines }: { lines: ReconcileResult["unexplained"] }) {
  return (
    <Table
      caption="Unexplained lines"
      rows={lines}
      keyOf={({ reference }) => reference}
      columns={[
        { title: "Reference", cell: ({ reference }) => <Id id={reference} /> },
        { title: "Types", cell: ({ types }) => types.join(", ") },
        { title: "Currency", cell: ({ currency }) => currency.toUpperCase() },
        { title: "Stripe", align: "end", cell: (row) => printMinor(row.stripeMinor, decimalsOf(row.currency)) },
        { title: "Ledger", align: "end", cell: (row) => printMinor(row.ledgerMinor, decimalsOf(row.currency)) },
      ]}
    />
  );
}

function Accounts({ accounts }: ReconcileAccountsResult) {
  if (accounts.length === 0) return <Empty title="No connected account yet" />;
  return (
    <Table
      caption="Connected accounts"
      rows={accounts}
      keyOf={({ id }) => id}
      columns={[
        { title: "Account", cell: ({ accountId }) => <Id id={accountId} /> },
        { title: "Compared", align: "end", cell: ({ compared }) => compared },
        {
          title: "Result",
          cell: ({ unexplained, isClosed }) => (
            <State tone={unexplained.length > 0 ? "bad" : isClosed ? "off" : "good"}>
              {unexplained.length > 0 ? `${unexplained.length} unexplained` : isClosed ? "closed at Stripe" : "agrees"}
            </State>
          ),
        },
      ]}
      below={({ unexplained }) => unexplained.length > 0 && <Unexplained lines={unexplained} />}
    />
  );
}
