import type { ViewLedgerResult } from "#operator";
import { query, withQuery } from "../address";
import { operator } from "../api";
import { decimalsOf, printMinor, sumMinor } from "../parts/amount";
import { Side } from "../parts/money";
import { Empty, Shown } from "../parts/states";
import { type Column, Table } from "../parts/table";
import { useProof } from "../proof";
import { AccountOverTime } from "./account-over-time";

type Balance = ViewLedgerResult["data"][number];

/** The balance of every account, one currency at a time. */
export function Balances({ all = false, asOf = "" }: { all?: boolean; asOf?: string }) {
  const { proof, run } = useProof(`ledger ${asOf}`, () => operator.viewLedger(asOf ? { query: { as_of: asOf } } : {}));
  return (
    <Shown of={proof} lines={6}>
      {(value) => {
        if (value === null) return <NotSummed run={run} />;
        const { data } = value.result;
        return data.length === 0 ? <NoMoney asOf={asOf} /> : <OfCurrency data={data} all={all} asOf={asOf} />;
      }}
    </Shown>
  );
}

function NotSummed({ run }: { run: () => void }) {
  return (
    <>
      <Empty title="Not asked yet">
        The balances are summed of every line of the ledger, so that is done at a click.
      </Empty>
      <button type="button" onClick={run}>
        Sum the ledger
      </button>
    </>
  );
}

function NoMoney({ asOf }: { asOf: string }) {
  if (asOf) return <Empty title="No money had moved until then." />;
  return <Empty title="No money has moved yet.">The first payment writes the first lines of the ledger.</Empty>;
}

function OfCurrency({ data, all, asOf }: { data: readonly Balance[]; all: boolean; asOf: string }) {
  const currencies = [...new Set(data.map(({ currency }) => currency))].sort();
  const currency = currencies.find((one) => one === query.value.get("currency")) ?? currencies[0] ?? "";
  const own = data.filter((one) => one.currency === currency);
  const opened = own.find(({ account }) => account === query.value.get("account"))?.account;
  const rows = all ? own : own.filter(({ amountMinor }) => String(amountMinor) !== "0");
  return (
    <>
      {currencies.length > 1 && (
        <nav class="chips" aria-label="Currencies">
          {currencies.map((one) => (
            <a key={one} href={withQuery({ currency: one })} aria-current={one === currency ? "true" : undefined}>
              {one.toUpperCase()}
            </a>
          ))}
        </nav>
      )}
      <Table
        caption={`Balances in ${currency.toUpperCase()}`}
        columns={all ? [linked, ...columns] : [plain, ...columns]}
        rows={rows}
        keyOf={({ account }) => account}
      />
      <p class="quiet">{`Debits less credits, in ${currency.toUpperCase()}: ${printMinor(sumMinor(own.map((one) => one.amountMinor)), decimalsOf(currency))}. They must sum to zero.`}</p>
      {all && opened && <AccountOverTime account={opened} currency={currency} asOf={asOf} />}
    </>
  );
}

const plain: Column<Balance> = { title: "Account", cell: ({ account }) => account };

/** Leads to the account's balance over time. */
const linked: Column<Balance> = {
  title: "Account",
  cell: ({ account }) => (
    <a
      class="open"
      href={withQuery({ account })}
      aria-current={query.value.get("account") === account ? "true" : undefined}
    >
      {account}
    </a>
  ),
};

const columns: Column<Balance>[] = [
  { title: "Kind", cell: ({ kind }) => kind },
  {
    title: "Debit",
    align: "end",
    cell: ({ amountMinor, currency }) => <Side side="debit" minor={amountMinor} currency={currency} />,
  },
  {
    title: "Credit",
    align: "end",
    cell: ({ amountMinor, currency }) => <Side side="credit" minor={amountMinor} currency={currency} />,
  },
];
