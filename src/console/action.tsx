import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { bodyOf, Field } from "./action-fields";
import { change, type Failure, failureOf } from "./api";
import { lookAt, type Total } from "./look-at";
import { decimalsOf, parseMinor } from "./parts/amount";
import { Copy, curlOf } from "./parts/copy";
import { Dialog } from "./parts/dialog";
import { wordsOf } from "./parts/icon";
import { Json } from "./parts/json";
import { Failed } from "./parts/states";
import { beatNow } from "./pulse";
import { asksForToken, isUnlocked } from "./session";

/** A change that an operator may make, as it is sent but for what the operator types. */
export interface Action {
  operation: string;
  method: string;
  path: string;
  body?: Readonly<Record<string, unknown>> | null;
  headers?: Readonly<Record<string, string>> | null;
  /** The object that it changes. */
  object: string;
  /** A sentence that says what happens. */
  what?: string;
  /** The state that the page saw, where it is no aggregate with a version. */
  seen?: string;
  currency?: string | null;
}

/** The action that is about to be confirmed. */
export const about = signal<Action | undefined>(undefined);

/** A button that opens an action's dialog, or first the one that unlocks. */
export function Act({
  action,
  label = wordsOf(action.operation),
  main = false,
}: {
  action: Action;
  label?: string;
  main?: boolean;
}) {
  return (
    <button
      type="button"
      class={main ? "main" : ""}
      data-operation={action.operation}
      onClick={() => {
        about.value = action;
        if (!isUnlocked.value) asksForToken.value = "write";
      }}
    >
      {label}…
    </button>
  );
}

/** The dialog of the action that is about to be confirmed, once things may be changed. */
export function ActionDialog() {
  const action = about.value;
  if (!action || !isUnlocked.value || asksForToken.value) return null;
  return <Confirm key={`${action.operation} ${action.path}`} action={action} />;
}

function Confirm({ action }: { action: Action }) {
  const { operation, method, path, object, what, currency } = action;
  const fields = Object.entries(action.body ?? {});
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [seen, setSeen] = useState(action.seen);
  const [total, setTotal] = useState<Total>();
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
  const body = fields.length === 0 ? undefined : bodyOf(fields, typed, currency);
  const isConfirmed = !total || parseMinor(typed["the whole amount"] ?? "", decimalsOf(total.currency)) === total.minor;
  const isComplete =
    seen !== undefined && isConfirmed && (body === undefined || !Object.values(body).includes(undefined));
  const close = () => {
    about.value = undefined;
  };
  const confirm = async () => {
    setSending(true);
    setFailure(undefined);
    // The same operation on the same state is one action, in however many tabs it is confirmed.
    const attempt = refusals > 0 ? `:${refusals}` : "";
    const key = method === "POST" ? `console:${operation}:${object}:${seen}${attempt}`.slice(0, 128) : undefined;
    try {
      const headers = action.headers ?? undefined;
      setDone((await change({ method, path, body, key, headers })) ?? "ok");
    } catch (thrown) {
      const failed = failureOf(thrown);
      setFailure(failed);
      if (failed.status >= 400 && failed.status < 500 && failed.status !== 429) setRefusals(refusals + 1);
    }
    setSending(false);
    beatNow();
  };
  const curl = curlOf({ method, path, body: body ?? action.body, headers: action.headers ?? null });
  if (done !== undefined) {
    return (
      <Dialog title={`${wordsOf(operation)}: done`} close={close}>
        <p role="status">✓ It is done, and stands in the timeline under your name.</p>
        {done !== "ok" && <Json value={done} />}
        <div class="buttons">
          <button type="button" class="main" data-first onClick={close}>
            Close
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={`${wordsOf(operation)}?`} close={close}>
      {what && <p>{what}</p>}
      <dl class="facts">
        <div>
          <dt>Object</dt>
          <dd>
            <code>{object}</code>
          </dd>
        </div>
      </dl>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !isSending) void confirm();
        }}
      >
        {fields.map(([name, value]) => (
          <Field
            key={name}
            {...{ name, value, currency }}
            typed={typed[name] ?? ""}
            set={(text) => setTyped({ ...typed, [name]: text })}
          />
        ))}
        {total && (
          <Field
            name="amount"
            value={total.minor}
            currency={total.currency}
            typed={typed["the whole amount"] ?? ""}
            set={(text) => setTyped({ ...typed, "the whole amount": text })}
          />
        )}
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
            {isSending ? "Sending" : wordsOf(operation)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
