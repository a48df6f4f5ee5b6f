import { codeBlock } from "./code-block";
import { COPY_SCRIPT } from "./copy-script";
import { renderDocument } from "./document";
import { firstWebhook } from "./first-webhook";
import { type Html, html } from "./html";
import type { InboxView, ReceivedView } from "./views";

/** Descriptions of a box's modes on its page. */
const MODES: Readonly<Record<InboxView["mode"], string>> = {
  ok: "200, as a receiver should",
  fail: "500: tried again, for days",
  throttle: "429, Retry-After: 120",
  gone: "410: the endpoint is switched off",
  redirect: "302: a failure, never followed",
  hang: "nothing for a minute: given up after 15 s",
  hold: "nothing until another mode is chosen",
  flood: "200 and 10 MB: read no further than 2 KB",
};

const VERDICTS: Readonly<Record<ReceivedView["verdict"], { readonly good: boolean; readonly text: string }>> = {
  verified: { good: true, text: "Signature verified" },
  unsigned: { good: false, text: "Not signed" },
  no_secret: { good: false, text: "Not checked: paste the signing secret above" },
  stale: { good: false, text: "Signed too long before it arrived" },
  wrong: { good: false, text: "Signature does not fit" },
};

/** Renders `GET /sandbox/inbox/<box>`: the messages, whether they verify, and the box's mode. */
export function renderInboxPage(view: InboxView): string {
  const { nonce, origin, box, count, received } = view;
  return renderDocument({
    title: `Inbox ${box}`,
    nonce,
    shape: "text",
    script: COPY_SCRIPT,
    main: html`<h1>Inbox <code>${box}</code></h1>
<p class="lead">Keeps what is posted to it. <a href="/sandbox/inbox/${box}">Look again</a> · <a href="/sandbox/inbox">All boxes</a></p>
${codeBlock(`${origin}/sandbox/inbox/${box}`)}
<h2>How it answers</h2>
<form method="post" action="/sandbox/inbox/${box}/settings" class="modes">
${Object.entries(MODES).map(
  ([mode, text]) =>
    html`<button name="mode" value="${mode}" class="${mode === view.mode ? "primary" : "secondary"}" aria-pressed="${mode === view.mode ? "true" : "false"}">${mode}<small>${text}</small></button>
`,
)}</form>
<h2>Signing secrets</h2>
<form method="post" action="/sandbox/inbox/${box}/settings" class="secrets">
<label for="secrets">What was shown when the endpoint, or the application, was made. During a rotation both, one per line.</label>
<textarea id="secrets" name="secrets" rows="2" spellcheck="false" autocomplete="off" placeholder="whsec_…">${view.secrets.join("\n")}</textarea>
<button class="secondary">Check with these</button>
</form>
<h2>What arrived${count > 0 && html` <small>${count > received.length ? `the newest ${received.length} of ${count}` : String(count)}</small>`}</h2>
${received.length > 0 ? received.map(message) : nothing(origin, box)}`,
  });
}

function nothing(origin: string, box: string): Html {
  return html`<p class="quiet">Nothing yet. These two commands make an endpoint that sends here and shows its secret, and send a test event. Then look again.</p>
${codeBlock(firstWebhook(origin, box))}`;
}

function message({ atMs, headers, body, mode, verdict }: ReceivedView): Html {
  const said = read(body);
  const at = new Date(atMs).toISOString();
  const { good, text } = VERDICTS[verdict];
  return html`<article class="arrival">
<h3>${said.type}${said.sequence !== null && html` <small>number ${said.sequence} of its resource</small>`}</h3>
<p><strong class="${good ? "good" : "bad"}">${text}</strong> · <time datetime="${at}">${at.slice(0, 23).replace("T", " ")} UTC</time> · answered: ${mode}</p>
<pre><code>${said.pretty}</code></pre>
<details><summary>Headers</summary><dl>
${Object.entries(headers).map(
  ([name, value]) => html`<dt>${name}</dt><dd><code>${value}</code></dd>
`,
)}</dl></details>
</article>
`;
}

/** Reads an event for display. Anybody may post anything, so other content is shown as it is. */
function read(body: string): { type: string; sequence: number | null; pretty: string } {
  try {
    const value: unknown = JSON.parse(body);
    const { eventType, type = eventType, sequence } = (value ?? {}) as Record<string, unknown>;
    return {
      type: typeof type === "string" ? type : "(no type)",
      sequence: typeof sequence === "number" ? sequence : null,
      pretty: JSON.stringify(value, null, 2),
    };
  } catch {
    return { type: "(not JSON)", sequence: null, pretty: body };
  }
}
