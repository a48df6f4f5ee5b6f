import { useEffect, useRef, useState } from "preact/hooks";
import { type Action, about, verbOf } from "./action";
import { bodyOf, Field, parted, repeated, type Typed } from "./action-fields";
import { change, type Failure, failureOf } from "./api";
import { effects } from "./effects";
import { Foretold } from "./foretold";
import { lookAt, type Total } from "./look-at";
import { Copy, curlOf } from "./parts/copy";
import { Dialog } from "./parts/dialog";
import { titleOf } from "./parts/field";
import { wordsOf } from "./parts/icon";
import { Json } from "./parts/json";
import { Money } from "./parts/money";
import { Failed } from "./parts/states";
import { beatNow } from "./pulse";
import { asksForToken, isUnlocked } from "./session";

/** The texts that were typed for an action, which outlive a sign-in in between. */
const drafts = new Map<string, Readonly<Record<string, string>>>();

/** The whole sum is typed into a field that is not sent. */
const wholeAmount = "the whole amount";

/** The dialog of the action that is about to be confirmed, once things may be changed. */
export function ActionDialog() {
  const action = about.value;
  if (!action || !isUnlocked.value || asksForToken.value) return null;
  const name = `${action.operation} ${action.path}`;
  const close = () => {
    drafts.delete(name);
    about.value = undefined;
  };
  return <Confirm key={name} name={name} action={action} close={close} />;
}

/** Says what an action does, asks for what it needs, and takes it once it is confirmed. */
function Confirm({ name, action, close }: { name: string; action: Action; close: () => void }) {
  const { operation, method, path, object, currency, isForetold = false, headers = null } = action;
  const what = action.what ?? effects[operation];
  const { fixed, typed: placeholders } = parted(action.body ?? {}, currency);
  const [texts, setTexts] = useState(drafts.get(name) ?? initialOf(action.typed ?? []));
  const [seen, setSeen] = useState(action.seen);
  const [total, setTotal] = useState<Total>();
  const [foretold, setForetold] = useState<unknown>();
  const [refusals, setRefusals] = useState(0);
  const [failure, setFailure] = useState<Failure>();
  const [done, setDone] = useState<unknown>();
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    if (seen !== undefined && operation !== "refund-testimony") return;
    void lookAt(object).then((found) => {
      setSeen(action.seen ?? found.version);
      setTotal(operation === "refund-testimony" ? found.total : undefined);
    });
  }, []);
  const form = useRef<HTMLFormElement>(null);
  useEffect(
    () => form.current?.querySelector(".foretold, .failed")?.scrollIntoView({ block: "nearest" }),
    [foretold, failure],
  );
  const typed = [...placeholders, ...(action.typed ?? [])];
  const confirmed: Typed[] = total ? [repeated(wholeAmount, total.minor, total.currency)] : [];
  const given = bodyOf(fixed, typed, texts);
  const hasBody = Boolean(action.body) || typed.length > 0;
  const isComplete = seen !== undefined && given !== undefined && bodyOf({}, confirmed, texts) !== undefined;
  const mustForetell = isForetold && foretold === undefined;
  const set = (field: string, text: string) => {
    const next = { ...texts, [field]: text };
    drafts.set(name, next);
    setTexts(next);
    setForetold(undefined);
  };
  const send = async (work: () => Promise<void>) => {
    setSending(true);
    setFailure(undefined);
    try {
      await work();
    } catch (thrown) {
      const failed = failureOf(thrown);
      setFailure(failed);
      if (failed.status >= 400 && failed.status < 500 && failed.status !== 429) setRefusals(refusals + 1);
    }
    setSending(false);
  };
  const body = hasBody ? { body: given } : {};
  const foretell = () =>
    send(async () => {
      setForetold(await change({ method, path: `${path}?dry_run=true`, ...body, ...(headers && { headers }) }));
    });
  const confirm = () =>
    send(async () => {
      // The same operation on the same state is one action, in however many tabs it is confirmed.
      const attempt = refusals > 0 ? `:${refusals}` : "";
      const key = method === "POST" ? `console:${operation}:${object}:${seen}${attempt}`.slice(0, 128) : undefined;
      setDone((await change({ method, path, ...body, key, ...(headers && { headers }) })) ?? "ok");
    }).finally(beatNow);
  const curl = curlOf({ method, path, body: given ?? action.body, headers });
  if (done !== undefined) return <Done verb={verbOf(action)} answer={done} close={close} />;
  return (
    <Dialog title={`${verbOf(action)}?`} close={close}>
      {what && <p>{what}</p>}
      <dl class="facts">
        <div>
          <dt>Object</dt>
          <dd>
            <code>{object}</code>
          </dd>
        </div>
        {Object.entries(fixed).map(
          ([name, value]) =>
            value !== object && (
              <div key={name}>
                <dt>{titleOf(name)}</dt>
                <dd>
                  <Fixed name={name} value={value} currency={currency} />
                </dd>
              </div>
            ),
        )}
      </dl>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !isSending) void (mustForetell ? foretell() : confirm());
        }}
      >
        {[...typed, ...confirmed].map((one) => (
          <Field key={one.name} of={one} text={texts[one.name] ?? ""} set={(text) => set(one.name, text)} />
        ))}
        {foretold !== undefined && <Foretold answer={foretold} />}
        {failure && <Failed failure={failure} />}
        <details>
          <summary>The same as curl</summary>
          <pre class="json">
            <code>{curl}</code>
          </pre>
          <Copy label="Copy curl" forms={[{ title: "curl", text: curl }]} />
        </details>
        <div class="buttons">
          <button type="button" data-first onClick={close}>
            Keep as it is
          </button>
          <button type="submit" class="main" disabled={!isComplete || isSending}>
            {isSending ? "Sending" : mustForetell ? "Show what happens" : verbOf(action)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A member of the body that is not typed. */
function Fixed({ name, value, currency }: { name: string; value: unknown; currency: string | null | undefined }) {
  if (name.endsWith("Minor")) return <Money minor={value as number} currency={currency ?? ""} />;
  if (typeof value !== "string") return <code>{JSON.stringify(value)}</code>;
  return /^[a-z]+(_[a-z]+)*$/.test(value) ? <span>{wordsOf(value)}</span> : <code>{value}</code>;
}

function initialOf(typed: readonly Typed[]): Record<string, string> {
  return Object.fromEntries(typed.map(({ name, initial = "" }) => [name, initial]));
}

function Done({ verb, answer, close }: { verb: string; answer: unknown; close: () => void }) {
  return (
    <Dialog title={`${verb}: done`} close={close}>
      <p role="status">✓ It is done, and stands in the timeline under your name.</p>
      {answer !== "ok" && <Json value={answer} />}
      <div class="buttons">
        <button type="button" class="main" data-first onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
