import { codeBlock } from "./code-block";
import { COPY_SCRIPT } from "./copy-script";
import { renderDocument } from "./document";
import { firstWebhook } from "./first-webhook";
import { type Html, html } from "./html";
import type { InboxListView } from "./views";

/** Renders `GET /sandbox/inbox`: the existing boxes, and how to fill the first. */
export function renderInboxListPage({ nonce, origin, boxes }: InboxListView): string {
  return renderDocument({
    title: "Inbox",
    nonce,
    shape: "text",
    script: COPY_SCRIPT,
    main: html`<h1>Inbox</h1>
<p class="lead">A receiver for webhooks, for as long as you have none of your own. Every path below <code>/sandbox/inbox/</code> is a box: it keeps what arrives, checks signatures, and answers as it is told.</p>
${boxes.length > 0 && table(boxes)}
<h2>A first webhook</h2>
<p>The first command makes an endpoint that sends to the box <a href="/sandbox/inbox/main">main</a> and shows its signing secret, this once. The second one sends a test event there.</p>
${codeBlock(firstWebhook(origin, "main"))}`,
  });
}

function table(boxes: InboxListView["boxes"]): Html {
  return html`<table>
<thead><tr><th scope="col">Box</th><th scope="col">Arrived</th><th scope="col">Answers</th></tr></thead>
<tbody>
${boxes.map(
  ({ name, count, mode }) =>
    html`<tr><td><a href="/sandbox/inbox/${name}"><code>${name}</code></a></td><td>${count}</td><td>${mode}</td></tr>
`,
)}</tbody>
</table>`;
}
