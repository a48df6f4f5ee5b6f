import { Panel } from "../parts/bars";
import { State, type Tone } from "../parts/icon";
import { Empty } from "../parts/states";
import { type Arrival, sandbox } from "./control";

const verdicts: Record<string, [tone: Tone, words: string]> = {
  verified: ["good", "signature verified"],
  unsigned: ["off", "not signed"],
  no_secret: ["off", "not checked"],
  stale: ["bad", "signed too long ago"],
  wrong: ["bad", "signature does not fit"],
};

/** The arrivals in the boxes of the inbox, newest first. */
export function Arrivals() {
  const arrivals = sandbox.value?.arrivals;
  return (
    <Panel title="Who was told" more={<a href="/sandbox/inbox">All boxes</a>}>
      {arrivals?.length === 0 && (
        <Empty title="Nothing has arrived yet.">
          The journeys open receivers for webhooks here, and whoever registers is sent a mail.
        </Empty>
      )}
      <ol class="arrivals">
        {arrivals?.map((one) => (
          <ArrivalOf key={one.id} one={one} />
        ))}
      </ol>
    </Panel>
  );
}

function ArrivalOf({ one: { atMs, box, title, verdict } }: { one: Arrival }) {
  const isMail = box === "mail";
  const [tone, words] = isMail ? (["off", "a mail"] as const) : (verdicts[verdict] ?? ["off", verdict]);
  const at = new Date(atMs).toISOString();
  return (
    <li>
      <time dateTime={at}>{at.slice(11, 19)}</time>
      <bdi class="what">{title || "a message"}</bdi>
      <State tone={tone}>{words}</State>
      <a href={isMail ? "/sandbox/mails" : `/sandbox/inbox/${box}`}>{box}</a>
    </li>
  );
}
