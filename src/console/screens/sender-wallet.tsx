import { Act } from "../action";
import { read } from "../api";
import { scaled } from "../parts/amount";
import { Panel } from "../parts/bars";
import { FieldList, type Row } from "../parts/field";
import { State } from "../parts/icon";
import { Empty, Shown } from "../parts/states";
import { useResource } from "../resource";
import { limitApplication } from "../writes";

/** The wallet that a waiting transfer would be paid from, and whether its limit allows that. */
export function SenderWallet({ transfer }: { transfer: Row }) {
  const { senderAppId: application, currency, amount } = transfer;
  const asked = { application: String(application), currency: String(currency) };
  const wallet = useResource(
    `wallet ${asked.application} ${asked.currency}`,
    async () => (await read<{ data: readonly Row[] }>("/api/v1/admin/wallets", asked)).data[0] ?? null,
  );
  return (
    <Panel title="The sender's wallet">
      <Shown of={wallet}>
        {(found) =>
          found === null ? (
            <Empty title="No wallet yet">The first accepted transfer makes it.</Empty>
          ) : (
            <Compared wallet={found} amount={amount} application={asked.application} />
          )
        }
      </Shown>
    </Panel>
  );
}

function Compared({ wallet, amount, application }: { wallet: Row; amount: unknown; application: string }) {
  const { debitLimit, balance, currency, updatedAt } = wallet;
  const isAllowed = debitLimit === null || scaled(balance) - scaled(amount) >= -scaled(debitLimit);
  return (
    <>
      <p>
        <State tone={isAllowed ? "good" : "bad"}>
          {isAllowed ? "The debit limit allows it" : "The debit limit refuses it, however often it is accepted"}
        </State>
      </p>
      <FieldList row={{ balance, currency, ...(debitLimit === null ? { limit: "none" } : { debitLimit }) }} />
      {!isAllowed && <Act main label="Change the limit" action={limitApplication(application, String(updatedAt))} />}
    </>
  );
}
