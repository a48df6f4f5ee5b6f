import { State } from "../parts/icon";
import type { Exchange } from "./browser-teller";
import { change } from "./control";
import type { Telling, ToldStep } from "./telling";

/** The step that is looked at: what happens and why, what was asked and answered, and whether the books hold. */
export function Stage({ telling: { journey, steps, shown } }: { telling: Telling }) {
  const step = shown === undefined ? undefined : steps[shown];
  if (!step) {
    return (
      <div class="stage">
        <h3>{journey.title}</h3>
        <p>{journey.summary}</p>
        <p class="quiet">{`${steps.length} steps. Each is a few requests to the API, sent from this page.`}</p>
      </div>
    );
  }
  return (
    <div class="stage" data-step={shown} data-state={step.state}>
      <h3>{`${(shown ?? 0) + 1}. ${step.title}`}</h3>
      <p>{step.why}</p>
      <Outcome step={step} />
      {step.pages.length > 0 && (
        <ul class="plain">
          {step.pages.map((page) => (
            <li key={page}>
              <a href={page} target="_blank" rel="noreferrer">
                {`Open ${nameOf(page)}`}
              </a>{" "}
              <span class="quiet">in another tab, then come back to this one</span>
            </li>
          ))}
        </ul>
      )}
      {step.lines.length > 0 && <pre class="lines">{step.lines.join("\n")}</pre>}
      {step.exchanges.length > 0 && (
        <details class="exchanges">
          <summary>{`Requests and answers: ${step.exchanges.length}`}</summary>
          {step.exchanges.map((one, at) => (
            <ExchangeOf key={at} one={one} />
          ))}
        </details>
      )}
    </div>
  );
}

function Outcome({ step: { state, books, failure, waitsFor } }: { step: ToldStep }) {
  return (
    <div class="outcome" role="status">
      {state === "waiting" && <State tone="open">{failure ?? "Not yet taken"}</State>}
      {state === "running" && <State tone="open">{waitsFor ? `Waits for ${waitsFor}` : "Running"}</State>}
      {state === "running" && waitsFor && <Patience />}
      {state === "done" && <State tone="good">Done</State>}
      {state === "failed" && (
        <p class="notice failed">
          <strong>✗ Not as it should be:</strong> {failure}
        </p>
      )}
      {books && (
        <span class="books-after">
          <State tone={books.broken.length === 0 ? "good" : "bad"}>
            {books.broken.length === 0
              ? `Books: ${books.holding} of ${books.all} hold`
              : `Books: ${books.broken.join(", ")} does not hold`}
          </State>
        </span>
      )}
    </div>
  );
}

/** The ways to hasten a step that waits. It goes on by itself in any case. */
function Patience() {
  return (
    <p class="quiet">
      It goes on by itself. What waits for its time is due at once if you{" "}
      <button type="button" onClick={() => void change("POST", "clock", { advanceSeconds: 600 })}>
        move the clock by ten minutes
      </button>
    </p>
  );
}

function ExchangeOf({ one: { method, path, sent, status, answered } }: { one: Exchange }) {
  const isFine = status >= 200 && status < 400;
  return (
    <div class="exchange">
      <p>
        <code>{`${method} ${path}`}</code> <span class={isFine ? "quiet" : "refused"}>{status || "no answer"}</span>
      </p>
      {sent !== "" && <Body text={sent} />}
      {answered !== "" && <Body text={answered} />}
    </div>
  );
}

function Body({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls must be reached by the keyboard
    <pre class="json" tabIndex={0}>
      <code>{pretty(text)}</code>
    </pre>
  );
}

/** Prints JSON in lines, without passwords. Any other text stays as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (name, value) => (/^password/.test(name) ? "…" : value), 2);
  } catch {
    return text;
  }
}

function nameOf(page: string): string {
  if (page.includes("/sandbox/checkout/")) return "the payment page";
  if (page.includes("/sandbox/authenticate/")) return "the bank's page";
  return "the inbox";
}
