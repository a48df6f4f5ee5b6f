import { sumMinor } from "./parts/amount";
import { wordsOf } from "./parts/icon";
import { Id } from "./parts/id";
import { Money, Side } from "./parts/money";
import { Table } from "./parts/table";

interface Step {
  call: string;
  object: string;
  amountMinor: number;
  currency: string;
}

interface Line {
  account: string;
  amountMinor: number;
  currency: string;
}

/** The answer of a dry run: how many there are, or the steps at Stripe and the lines of the ledger. */
export function Foretold({ answer }: { answer: unknown }) {
  const { data = {} } = (answer ?? {}) as { data?: { count?: number; steps?: Step[]; lines?: Line[] } };
  const { count, steps = [], lines = [] } = data;
  return (
    <section class="foretold" role="status">
      <h3>What happens</h3>
      {count !== undefined ? (
        <p>
          <strong>{count === 1 ? "1 delivery" : `${count} deliveries`}</strong> will be sent again.
        </p>
      ) : (
        <Plan steps={steps} lines={lines} />
      )}
    </section>
  );
}

function Plan({ steps, lines }: { steps: readonly Step[]; lines: readonly Line[] }) {
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  const sums = currencies.map((one) =>
    sumMinor(lines.flatMap((line) => (line.currency === one ? line.amountMinor : []))),
  );
  return (
    <>
      {steps.length === 0 ? (
        <p>Stripe is asked nothing.</p>
      ) : (
        <Table
          caption="Steps at Stripe"
          rows={steps}
          keyOf={(_, at) => `step ${at}`}
          columns={[
            { title: "At Stripe", cell: ({ call }) => wordsOf(call) },
            { title: "About", cell: ({ object }) => <Id id={object} /> },
            {
              title: "Amount",
              align: "end",
              cell: (step) => <Money minor={step.amountMinor} currency={step.currency} />,
            },
          ]}
        />
      )}
      {lines.length > 0 && (
        <>
          <Table
            caption="Lines of the ledger"
            rows={lines}
            keyOf={(_, at) => `line ${at}`}
            columns={[
              { title: "Account", cell: ({ account }) => account },
              { title: "Debit", align: "end", cell: (line) => <SideOf side="debit" line={line} /> },
              { title: "Credit", align: "end", cell: (line) => <SideOf side="credit" line={line} /> },
            ]}
          />
          <p class="quiet">{`Sum ${sums.join(", ")} ${sums.every((sum) => sum === "0") ? "✓" : "✗"}`}</p>
        </>
      )}
    </>
  );
}

function SideOf({ side, line }: { side: "debit" | "credit"; line: Line }) {
  return <Side side={side} minor={line.amountMinor} currency={line.currency} withCurrency />;
}
