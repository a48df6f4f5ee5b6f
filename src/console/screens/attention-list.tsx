import type { ViewAttentionResult } from "#operator";
import { Act } from "../action";
import { objectPath } from "../address";
import { Copy, curlOf } from "../parts/copy";
import { State, wordsOf } from "../parts/icon";
import { Id } from "../parts/id";
import { Money } from "../parts/money";
import { Time } from "../parts/time";
import { Explanation } from "./explanation";

export type Waiting = ViewAttentionResult["data"]["entries"][number];
type Step = Waiting["steps"][number];

/** One thing that waits for a person: what, whose, how much, what happens by itself, and what may be done. */
function WaitingCard({ one, brief, first }: { one: Waiting; brief: boolean; first: boolean }) {
  const { kind, since, about, amount, currency, note, who, byItself, steps } = one;
  return (
    <article class="card waiting" data-row={`${kind} ${about.id}`}>
      <div class="bar">
        <h3>
          <State tone="warn">{wordsOf(kind)}</State>
        </h3>
        {amount !== null && currency !== null && <Money minor={amount} currency={currency} />}
      </div>
      <p>
        <a class="open" href={hrefOf(one)}>
          {wordsOf(about.kind)} <bdi>{about.id}</bdi>
        </a>{" "}
        <span class="quiet">
          <Time at={since} relative />
        </span>
      </p>
      {note && (
        <p>
          <bdi>{/^[a-z_]+$/.test(note) ? wordsOf(note) : note}</bdi>
        </p>
      )}
      {!brief && (
        <>
          {one.explanation && <Explanation why={one.explanation} brief />}
          <p>
            <strong>By itself:</strong> <ByItself {...byItself} />
          </p>
          <p class="quiet">
            {who.length === 1 && who[0] === "operator" ? "The operator's" : "Of"}{" "}
            {who
              .filter((one) => one !== "operator")
              .map((one) => (
                <span key={one}>
                  <Id id={one} />{" "}
                </span>
              ))}
            · object <Id id={one.aggregateId} />
          </p>
        </>
      )}
      <Steps steps={brief ? likeliest(steps) : steps} one={one} first={first} />
    </article>
  );
}

/** The operator's own first step, or else the first of all. */
function likeliest(steps: readonly Step[]): Step[] {
  const [first] = steps;
  return [steps.find(isMending) ?? first].filter((step) => step !== undefined);
}

/** Whether it is the operator's, and more than a note. */
function isMending({ by, operation }: Step): boolean {
  return by === "operator" && operation !== null && operation !== "close-attention";
}

/** The list of what waits. The first step that an operator can take is the screen's main one. */
export function WaitingCards({ list, brief = false }: { list: readonly Waiting[]; brief?: boolean }) {
  const first = list.find(({ steps }) => steps.some(isMending));
  return (
    <>
      {list.map((one) => (
        <WaitingCard
          key={`${one.kind} ${one.aggregateId} ${one.about.id}`}
          one={one}
          brief={brief}
          first={one === first}
        />
      ))}
    </>
  );
}

/** The outcome if nobody acts. The text names the time by its member. */
function ByItself({ what, at }: Waiting["byItself"]) {
  const [before, ...after] = what.split("`at`");
  if (after.length === 0 || at === null) {
    return (
      <>
        {what} {at && <Time at={at} />}
      </>
    );
  }
  return (
    <>
      {before}
      <Time at={at} />
      {after.join("")}
    </>
  );
}

function Steps({ steps, one, first }: { steps: readonly Step[]; one: Waiting; first: boolean }) {
  const main = first ? steps.find(isMending) : undefined;
  if (steps.length === 0) return null;
  return (
    <ul class="steps" aria-label="What may be done">
      {steps.map((step) => (
        <li key={`${step.operation} ${step.path}`}>
          <StepOf step={step} one={one} main={step === main} />
        </li>
      ))}
    </ul>
  );
}

/** A step by the operator is a dialog; one by somebody else is told as the request that they send. */
function StepOf({ step, one, main }: { step: Step; one: Waiting; main: boolean }) {
  const { by, operation, method, path, body, headers } = step;
  if (operation === null || method === null) {
    return (
      <a href={path} target="_blank" rel="noreferrer noopener">
        {by === "stripe" ? "Look in Stripe's dashboard" : "Look in Cloudflare's dashboard"}
      </a>
    );
  }
  if (by === "operator") {
    const { aggregateId: object, currency, kind, since, about } = one;
    const seen = /^(testimonies|admin\/testimonies)/.test(path.replace("/api/v1/", ""))
      ? undefined
      : `${kind}:${since}`;
    const isForetold = /^(refund|release|recover)-/.test(operation);
    const subject = seen === undefined ? object : about.id;
    return (
      <Act
        main={main}
        action={{
          operation,
          method,
          path,
          body,
          headers,
          object: subject,
          currency,
          isForetold,
          ...(seen && { seen }),
        }}
      />
    );
  }
  const token = `${by.toUpperCase()}_TOKEN`;
  return (
    <span class="other">
      {wordsOf(operation)} <span class="quiet">by the {by}</span>{" "}
      <Copy label="Copy curl" forms={[{ title: "curl", text: curlOf({ method, path, body, headers }, token) }]} />
    </span>
  );
}

function hrefOf(one: Waiting): string {
  const { aggregateId, about, kind } = one;
  if (about.kind === "stripe_event") return `/console/stripe?event=${encodeURIComponent(about.id)}`;
  if (about.kind === "settlement") return `/console/settlement/${dayOf(one) ?? ""}`;
  if (about.kind === "cursor") return "/console";
  return objectPath(kind === "deliveries_failed" || about.kind === "endpoint" ? about.id : aggregateId);
}

/** The day that a settlement is of, which its steps name. */
export function dayOf({ steps }: Waiting): string | undefined {
  return steps.flatMap(({ path }) => /\d{4}-\d\d-\d\d/.exec(path)?.[0] ?? []).at(0);
}
