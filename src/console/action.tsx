import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { change, type Failure, failureOf, operator } from "./api";
import { decimalsOf, parseMinor } from "./parts/amount";
import { Copy, curlOf } from "./parts/copy";
import { Dialog } from "./parts/dialog";
import { wordsOf } from "./parts/icon";
import { Json } from "./parts/json";
import { Money } from "./parts/money";
import { Failed } from "./parts/states";
import { beatNow } from "./pulse";
import { asksForToken, isUnlocked } from "./session";
import { entriesOf, versionOf } from "./timeline/entries";

/** A change that an operator may make, as it is sent but for what the operator types. */
export interface Action {
  operation: string;
  method: string;
  path: string;
  body?: Readonly<Record<string, unknown>> | null;
  headers?: Readonly<Record<string, string>> | null;
  /** The object that it changes. */
  object: string;
  /** What happens, in a sentence. */
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

/** Stands in a body for the note that the operator types. */
export const notePlaceholder = "What was found, and decided.";

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
          <dt>object</dt>
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

interface FieldProps {
  name: string;
  value: unknown;
  currency?: string | null | undefined;
  typed: string;
  set: (text: string) => void;
}

/** A note and an amount are typed; everything else is shown as it will be sent. */
function Field({ name, value, currency, typed, set }: FieldProps) {
  if (isTyped(name, value)) {
    return (
      <label for={`field-${name}`}>
        {wordsOf(name)}
        {name === "amount" && currency && (
          <span class="quiet">
            {" "}
            to confirm, type <Money minor={value as number} currency={currency} />
          </span>
        )}
        {name === "amount" ? (
          <input
            id={`field-${name}`}
            value={typed}
            inputMode="decimal"
            autocomplete="off"
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        ) : (
          <textarea
            id={`field-${name}`}
            value={typed}
            rows={2}
            placeholder={value === notePlaceholder ? notePlaceholder : ""}
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        )}
      </label>
    );
  }
  return (
    <p class="fixed">
      {wordsOf(name)} <code>{JSON.stringify(value)}</code>
    </p>
  );
}

function isTyped(name: string, value: unknown): boolean {
  return (
    value === notePlaceholder ||
    name === "note" ||
    name === "reason" ||
    (name === "amount" && typeof value === "number")
  );
}

/** Returns the body; a member that is not typed yet, or wrongly, is undefined. */
function bodyOf(fields: [string, unknown][], typed: Record<string, string>, currency: string | null | undefined) {
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const text = (typed[name] ?? "").trim();
      if (!isTyped(name, value)) return [name, value];
      if (name === "amount") return [name, parseMinor(text, decimalsOf(currency ?? ""))];
      return [name, text === "" ? undefined : text];
    }),
  );
}

/** What a client has paid in all, which is typed once more before it is given back. */
interface Total {
  minor: number;
  currency: string;
}

/** Reads the version of the object that the operator is about to change, and what was paid for it. */
async function lookAt(object: string): Promise<{ version: string; total: Total | undefined }> {
  const read = await operator.viewTimeline({ query: { id: object } }).catch(() => undefined);
  if (!read) return { version: "0", total: undefined };
  const entries = entriesOf(read.data.entries);
  const accepted = entries.findLast(
    ({ raw }) => raw.kind === "event" && (raw as { type?: unknown }).type === "offer.accepted",
  );
  const { totalMinor: minor, currency } = ((accepted?.raw as { data?: unknown })?.data ?? {}) as Record<
    string,
    unknown
  >;
  const total = typeof minor === "number" && typeof currency === "string" ? { minor, currency } : undefined;
  return { version: String(versionOf(entries, object)), total };
}
