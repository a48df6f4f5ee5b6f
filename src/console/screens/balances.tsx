import type { ViewLedgerResult } from "#operator";
import { query, withQuery } from "../address";
import { operator } from "../api";
import { decimalsOf, printMinor, sumMinor } from "../parts/amount";
import { Side } from "../parts/money";
import { Empty, Shown } from "../parts/states";
import { type Column, Table } from "../parts/table";
import { useResource } from "../resource";

type Balance = ViewLedgerResult["data"][number];

/** The balance of every account, one currency at a time. */
export function Balances({ all = false }: { all?: boolean }) {
  const ledger = useResource("ledger", () => operator.viewLedger());
  return (
    <Shown of={ledger} lines={6}>
      {({ data }) => (data.length === 0 ? <NoMoney /> : <OfCurrency data={data} all={all} />)}
    </Shown>
  );
}

function NoMoney() {
  return <Empty title="No money has moved yet.">The first payment writes the first lines of the ledger.</Empty>;
}

function OfCurrency({ data, all }: { data: readonly Balance[]; all: boolean }) {
  const currencies = [...new Set(data.map(({ currency }) => currency))].sort();
  const currency = currencies.find((one) => one === query.value.get("currency")) ?? currencies[0] ?? "";
  const own = data.filter((one) => one.currency === currency);
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
        columns={columns}
        rows={rows}
        keyOf={({ account }) => account}
      />
      <p class="quiet">{`Debits less credits, in ${currency.toUpperCase()}: ${printMinor(sumMinor(own.map((one) => one.amountMinor)), decimalsOf(currency))}. They must sum to zero.`}</p>
    </>
  );
}

const columns: Column<Balance>[] = [
  {
    title: "Account",
    cell: ({ account }) => account,
  },
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
