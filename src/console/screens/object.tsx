import type { ComponentChildren } from "preact";
import { Act } from "../action";
import { operator } from "../api";
import { Panel, Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
import type { Row } from "../parts/field";
import { wordsOf } from "../parts/icon";
import { Id } from "../parts/id";
import { Loading, Shown } from "../parts/states";
import { Time } from "../parts/time";
import { attention, pulseFailure } from "../pulse";
import { useResource } from "../resource";
import { sentences } from "../sentences";
import { type Entry, entriesOf } from "../timeline/entries";
import { Timeline } from "../timeline/timeline";
import { refundPayment, refundTestimony } from "../writes";
import { dayOf, type Waiting, WaitingCards } from "./attention-list";
import { Detail, type Parts } from "./detail";
import { EverybodyScreen } from "./everybody";
import { SenderWallet } from "./sender-wallet";

/** Everything about whatever an id leads to. */
export function ObjectScreen({ id }: { id: string }) {
  const path = `/api/v1/admin/timeline?id=${encodeURIComponent(id)}`;
  const found = useResource(`timeline ${id}`, async () => (await operator.viewTimeline({ query: { id } })).data);
  const entries = found.value ? entriesOf(found.value.entries) : [];
  const kind = kindOf(entries);
  return (
    <>
      <Title more={<CopyScreen path={path} id={id} json={found.value} />}>
        {kind ?? "Object"} <bdi class="mono">{id}</bdi>
      </Title>
      <Shown of={found} lines={8}>
        {({ aggregates }) => (
          <>
            <Head id={id} entries={entries} aggregates={aggregates} />
            {sentences.value && (attention.value || pulseFailure.value) ? (
              <Told kind={kind} entries={entries} aggregates={aggregates}>
                <Timeline id={id} entries={entries} />
              </Told>
            ) : (
              <Loading lines={8} />
            )}
          </>
        )}
      </Shown>
    </>
  );
}

function Head({ id, entries, aggregates }: { id: string; entries: readonly Entry[]; aggregates: readonly string[] }) {
  const [first, last] = [entries[0], entries.at(-1)];
  const changes = entries.filter(({ lane }) => lane === "we");
  const failed = entries.filter(({ tone }) => tone === "bad").length;
  return (
    <dl class="facts head">
      {aggregates
        .filter((one) => one !== id)
        .map((one) => (
          <div key={one}>
            <dt>Belongs to</dt>
            <dd>
              <Id id={one} whole />
            </dd>
          </div>
        ))}
      <div>
        <dt>Begun</dt>
        <dd>
          <Time at={first?.at} />
        </dd>
      </div>
      <div>
        <dt>Last</dt>
        <dd>
          {changes.at(-1)?.title ?? last?.title} <Time at={last?.at} relative />
        </dd>
      </div>
      <div>
        <dt>Changes</dt>
        <dd>{changes.length}</dd>
      </div>
      <div>
        <dt>Failed</dt>
        <dd>{failed}</dd>
      </div>
    </dl>
  );
}

/** Its detail beside the timeline, and the actions about it. */
function Told({ children, ...of }: Seen & { kind: string | undefined; children: ComponentChildren }) {
  const path = detailPath(of);
  const [id = ""] = of.aggregates;
  const why = <Why aggregates={of.aggregates} entries={of.entries} />;
  if (path === undefined) {
    return (
      <div class="in-turn">
        {why}
        {of.kind === "Application" && <EverybodyScreen list="wallets" inside of={{ application: id }} />}
        {children}
      </div>
    );
  }
  return (
    <Detail path={path} above={why} below={children}>
      {(thing, { checkouts }) => (
        <>
          {of.kind === "Testimony" && isAccepted(thing) && <Act action={refundTestimony(id, acceptedOf(checkouts))} />}
          {of.kind === "Payment" && isRefundable(thing) && <Act label="Refund" action={refundPayment(thing)} />}
          {of.kind === "Transfer" && thing.state === "AWAITING_ACCEPTANCE" && <SenderWallet transfer={thing} />}
        </>
      )}
    </Detail>
  );
}

function isAccepted({ state }: Row): boolean {
  return state === "accepted" || state === "completed";
}

function acceptedOf(checkouts: Parts[string] | undefined): Row | undefined {
  return Array.isArray(checkouts) ? checkouts.find(({ state }: Row) => state === "accepted") : undefined;
}

function isRefundable({ capturedMinor, refundedMinor }: Row): boolean {
  return Number(capturedMinor) > Number(refundedMinor);
}

interface Seen {
  entries: readonly Entry[];
  aggregates: readonly string[];
}

/** Why it stands still, if it does: its own reasons, and those of what it depends on. */
function Why({ aggregates, entries }: Seen) {
  const endpoints = new Set(entries.flatMap(({ raw, tone }) => (tone === "bad" && endpointOf(raw)) || []));
  const days = entries.flatMap(({ title, at }) => (title === "accept-transfer" ? at.slice(0, 10) : []));
  const isOf = (one: Waiting) =>
    aggregates.includes(one.aggregateId) ||
    endpoints.has(one.about.id) ||
    (one.about.kind === "settlement" && days.includes(dayOf(one) ?? ""));
  const waiting = attention.value?.entries.filter(isOf) ?? [];
  if (waiting.length === 0) return <p class="why">✓ Nothing about it waits for a person.</p>;
  return (
    <Panel title="Why it waits">
      <WaitingCards list={waiting} />
    </Panel>
  );
}

const kinds: Record<string, string> = {
  "create-testimony": "Testimony",
  "create-payment": "Payment",
  "initiate-transfer": "Transfer",
  "register-user": "User",
  "create-developer": "Developer",
  "register-application": "Application",
  "open-connected-account": "Account",
};

function kindOf(entries: readonly Entry[]): string | undefined {
  const first = entries.find(({ lane }) => lane === "we");
  if (!first) return undefined;
  const known = kinds[first.title];
  if (known) return known;
  return /-(\w+)$/.exec(first.title)?.[1] && wordsOf(first.title.split("-").at(-1) ?? "");
}

function endpointOf(raw: Entry["raw"]): string | undefined {
  return "endpointId" in raw ? String(raw.endpointId) : undefined;
}

/** Returns where the API tells more of it than its timeline. */
function detailPath({ kind, entries, aggregates }: Seen & { kind: string | undefined }): string | undefined {
  const [id] = aggregates;
  if (id === undefined || aggregates.length > 1) return undefined;
  if (kind === "Testimony") return `/api/v1/admin/testimonies/${id}`;
  if (kind === "Payment") return `/api/v1/admin/payments/${id}`;
  if (kind !== "Transfer") return undefined;
  const { reference } = (entries.find(({ title }) => title === "initiate-transfer")?.raw.data ?? {}) as {
    reference?: unknown;
  };
  return typeof reference === "string" ? `/api/v1/admin/transfers/${reference}` : undefined;
}
