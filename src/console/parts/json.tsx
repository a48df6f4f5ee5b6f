import { Id, looksLikeId } from "./id";

/** Facts as a list of names and values; ids among them are links, and what is nested stays JSON. */
export function Facts({ facts }: { facts: Readonly<Record<string, unknown>> }) {
  const shown = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  return (
    <dl class="facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { value: unknown }) {
  if (typeof value === "string") return looksLikeId(value) ? <Id id={value} whole /> : <bdi>{value}</bdi>;
  if (typeof value === "object") return <Json value={value} />;
  return <>{String(value)}</>;
}

/** Any value as JSON. A long one is scrolled. */
export function Json({ value }: { value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls must be reached by the keyboard
    <pre class="json" tabIndex={0}>
      <code>{JSON.stringify(value, null, 2)}</code>
    </pre>
  );
}
