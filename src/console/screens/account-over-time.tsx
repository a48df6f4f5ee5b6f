import type { ViewAccountBalancesResult } from "#operator";
import { query, withQuery } from "../address";
import { operator } from "../api";
import { decimalsOf, printMinor } from "../parts/amount";
import { Panel } from "../parts/bars";
import { Side } from "../parts/money";
import { Empty, Shown } from "../parts/states";
import { type Level, StepPlot } from "../parts/step-plot";
import { type Column, Table } from "../parts/table";
import { Time } from "../parts/time";
import { aheadMs } from "../pulse";
import { useResource } from "../resource";

type Answer = ViewAccountBalancesResult;
type Point = Answer["data"]["points"][number];

const dayMs = 86_400_000;
const periods = [1, 7, 30, 90, 365];
const usualDays = 30;

/** The balance of one account over time, as a plot and as a table. It ends at the moment of the balances above. */
export function AccountOverTime({ account, currency, asOf }: { account: string; currency: string; asOf: string }) {
  const days = periods.find((one) => String(one) === query.value.get("days")) ?? usualDays;
  const found = useResource(`balances ${account} ${currency} ${days} ${asOf}`, async () => {
    const toMs = asOf ? Date.parse(asOf) : Date.now() + aheadMs.value;
    const from = new Date(toMs - days * dayMs).toISOString();
    const moved = await operator.viewAccountBalances({
      path: { account },
      query: { currency, from, ...(asOf && { to: asOf }) },
    });
    const { data } = await operator.viewLedger({ query: { as_of: from } });
    const opening = data.find((one) => one.account === account && one.currency === currency)?.amountMinor ?? 0;
    return { ...moved, opening: BigInt(opening) };
  });
  return (
    <Panel
      title={`${account} over time`}
      more={
        <nav class="chips" aria-label="Period">
          {periods.map((one) => (
            <a
              key={one}
              href={withQuery({ days: one === usualDays ? undefined : String(one) })}
              aria-current={one === days ? "true" : undefined}
            >
              {one === 1 ? "1 day" : `${one} days`}
            </a>
          ))}
        </nav>
      }
    >
      <Shown of={found} lines={8}>
        {({ data, scanned_to: scannedTo, opening }) => (
          <Moved account={account} data={data} opening={opening} scannedTo={scannedTo} />
        )}
      </Shown>
    </Panel>
  );
}

interface Row extends Point {
  balance: bigint;
}

function Moved({
  account,
  data: { currency, from, to, points },
  opening,
  scannedTo,
}: {
  account: string;
  data: Answer["data"];
  opening: bigint;
  scannedTo: string | undefined;
}) {
  const digits = decimalsOf(currency);
  let balance = opening;
  const rows = points.map((point): Row => {
    balance += BigInt(point.debitMinor) - BigInt(point.creditMinor);
    return { ...point, balance };
  });
  const levels: Level[] = [{ at: from, minor: opening }, ...rows.map(({ at, balance: minor }) => ({ at, minor }))];
  return (
    <>
      <p class="quiet">{`In ${currency.toUpperCase()}; debits raise it, credits lower it. Opening ${printMinor(opening.toString(), digits)}, closing ${printMinor(balance.toString(), digits)}.`}</p>
      <StepPlot name={`${account} in ${currency.toUpperCase()}`} levels={levels} to={scannedTo ?? to} digits={digits} />
      {scannedTo && (
        <p>
          There were too many changes to look at all of them: this ends at <Time at={scannedTo} />. Choose a shorter
          time, or an earlier moment.
        </p>
      )}
      {rows.length === 0 ? (
        <Empty title="It did not move in this time." />
      ) : (
        <details class="same">
          <summary>The same as a table</summary>
          <Table
            caption={`${account} over time`}
            columns={columnsIn(currency)}
            rows={rows.toReversed()}
            keyOf={({ at }) => at}
          />
        </details>
      )}
    </>
  );
}

function columnsIn(currency: string): Column<Row>[] {
  return [
    { title: "Until", cell: ({ at }) => <Time at={at} /> },
    {
      title: "Debits",
      align: "end",
      cell: ({ debitMinor }) => <Side side="debit" minor={debitMinor} currency={currency} />,
    },
    {
      title: "Credits",
      align: "end",
      cell: ({ creditMinor }) => <span class="amount">{printed(creditMinor, currency)}</span>,
    },
    {
      title: "Balance",
      align: "end",
      cell: ({ balance }) => <span class="amount">{printMinor(balance.toString(), decimalsOf(currency))}</span>,
    },
  ];
}

function printed(minor: Point["creditMinor"], currency: string): string {
  return String(minor) === "0" ? "" : printMinor(minor, decimalsOf(currency));
}
