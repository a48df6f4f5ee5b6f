import { codeBlock } from "./code-block";
import { COPY_SCRIPT } from "./copy-script";
import { renderDocument } from "./document";
import { firstWebhook } from "./first-webhook";
import { type Html, html } from "./html";
import { link } from "./link";
import { formatMoney } from "./money";
import type { RecentSessionView, StartView } from "./views";
import { walkthrough } from "./walkthrough";

/** Renders `GET /sandbox`: everything that can be done by hand, as commands. */
export function renderStartPage(view: StartView): string {
  return renderDocument({
    title: "The sandbox by hand",
    nonce: view.nonce,
    shape: "text",
    script: COPY_SCRIPT,
    main: html`<h1>The sandbox by hand</h1>
<p class="lead">Everything that <a href="/console/welcome">the Welcome</a> does with a click, and much more, as commands for a shell. This is the real Worker, with an emulator of ours in the place of Stripe. It needs no account and no network.</p>
<p>Read the <a href="/guides/">guides</a>, or try every operation out in the <a href="/docs/">API reference</a>. The story of each contract in one go, each step explained:</p>
${codeBlock("npm run demo")}
${sessions(view.recentSessions)}
${firstSteps(view.origin)}
${application()}
${operator(view.origin)}
${webhooks(view.origin)}
${stripe(view.origin)}
${control(view.origin)}`,
  });
}

function sessions(recent: readonly RecentSessionView[]): Html {
  if (recent.length === 0) {
    return html`<h2>Recent checkout sessions</h2>
<p class="quiet">None yet. The steps below make the first one.</p>`;
  }
  return html`<h2>Recent checkout sessions</h2>
<table>
<thead><tr><th scope="col">Session</th><th scope="col">Amount</th><th scope="col">State</th></tr></thead>
<tbody>
${recent.map(session)}</tbody>
</table>`;
}

function session({ id, url, currency, totalMinor, status, paymentStatus, createdAtSeconds }: RecentSessionView): Html {
  const createdAt = new Date(createdAtSeconds * 1000).toISOString();
  return html`<tr><td><a href="${link(url)}"><code>${id}</code></a> <small><time datetime="${createdAt}">${createdAt.slice(0, 16).replace("T", " ")} UTC</time></small></td><td>${formatMoney(totalMinor, currency)}</td><td>${status === "complete" ? paymentStatus : status}</td></tr>
`;
}

function firstSteps(origin: string): Html {
  return html`<h2>One offer, step by step</h2>
<p>Paste these into a shell, one after the other. They can be run again. The <a href="/guides/">guides</a> go on from here, with a payment and a transfer.</p>
${walkthrough(origin).map(
  (step, index) => html`<h3>${index + 1}. ${step.title}</h3>
<p>${step.text}</p>
${codeBlock(step.commands)}
`,
)}`;
}

function application(): Html {
  return html`<h2>The API</h2>
<ul class="links">
<li><a href="/api/v1/status">/api/v1/status</a> <small>Is it well, the database included?</small></li>
<li><a href="/api/v1/openapi.json">/api/v1/openapi.json</a> <small>Every operation and every webhook, described in OpenAPI 3.1.</small></li>
<li><a href="/api/v1/openapi/offers.json">offers</a>, <a href="/api/v1/openapi/payments.json">payments</a>, <a href="/api/v1/openapi/transfers.json">transfers</a> <small>Each contract by itself.</small></li>
<li><a href="/api/v1/postman.json">/api/v1/postman.json</a> <small>The same as a collection for Postman, with <a href="/api/v1/postman-environment.json">its environment</a>.</small></li>
<li><a href="/sandbox/inbox">/sandbox/inbox</a> <small>Where webhooks can be sent to and looked at.</small></li>
<li><a href="/sandbox/mails">/sandbox/mails</a> <small>What users were mailed.</small></li>
</ul>`;
}

function operator(origin: string): Html {
  return html`<h2>The operator</h2>
<p>In <a href="/console">the console</a> an operator sees money move, finds what is stuck, and acts. It signs in by itself here.</p>
<p>The operator’s token is <code>admin_sandbox</code>, in the sandbox and nowhere else. Where every cent is, and the proof that none is missing:</p>
${codeBlock(`curl -s ${origin}/api/v1/admin/ledger -H "Authorization: Bearer admin_sandbox"
curl -s ${origin}/api/v1/admin/ledger/check -H "Authorization: Bearer admin_sandbox"`)}`;
}

function webhooks(origin: string): Html {
  return html`<h2>Webhooks</h2>
<p>Whoever wants to know what happens is told, signed after Standard Webhooks. The <a href="/sandbox/inbox">inbox</a> is a receiver to try it with. The first command makes an endpoint and shows its signing secret, this once; the second one sends a test event. Then look into <a href="/sandbox/inbox/main">the box main</a>, and paste the secret there to see it verified. From then on every event of this sandbox arrives there.</p>
${codeBlock(firstWebhook(origin, "main"))}`;
}

const STRIPE_LISTS = [
  "events",
  "checkout/sessions",
  "payment_intents",
  "charges",
  "refunds",
  "transfers",
  "accounts",
  "balance_transactions",
  "balance",
];

function stripe(origin: string): Html {
  return html`<h2>What Stripe saw</h2>
<p>The emulator speaks Stripe’s REST, to a Stripe SDK as well. It asks for a key as Stripe does, any that begins with <code>sk_test_</code>, so these links need the header that the command sends:</p>
${codeBlock(`curl -s ${origin}/sandbox/stripe/v1/events -H "Authorization: Bearer sk_test_sandbox"`)}
<p>${STRIPE_LISTS.map((list) => html`<a href="/sandbox/stripe/v1/${list}">/sandbox/stripe/v1/${list}</a> · `)}and whatever else we use.</p>`;
}

function control(origin: string): Html {
  const base = `${origin}/sandbox/control`;
  const body = `-H "Content-Type: application/json" \\
  -d`;
  return html`<h2>Make it harder</h2>
<h3>Move the clock</h3>
<p>One clock for both sides. The answer comes after what became due was attempted.</p>
${codeBlock(`curl -s ${base}/clock ${body} '{ "advanceSeconds": 86400 }'`)}
<h3>Let Stripe fail</h3>
<p>Before the work is done: <code>timeout_before</code>, <code>500</code>, <code>500_stored</code>, <code>429</code>, <code>reset</code>. After it: <code>timeout_after</code>, <code>500_after</code>, <code>truncated</code>. In a path <code>*</code> stands for one segment. The second command tells how often each has fired, the third ends them.</p>
${codeBlock(`curl -s ${base}/faults ${body} '{ "match": "POST /v1/transfers", "kind": "timeout_after", "times": 1 }'
curl -s ${base}/faults
curl -s -X DELETE ${base}/faults`)}
<h3>Let Stripe be down for hours</h3>
<p>Every request of ours breaks, until so many seconds of the clock have gone by or the faults are ended.</p>
${codeBlock(`curl -s ${base}/outage ${body} '{ "seconds": 7200 }'`)}
<h3>Lose, double or shuffle Stripe’s events</h3>
<p>Modes: <code>deliver</code>, <code>hold</code>, <code>duplicate</code>, <code>shuffle</code>, <code>drop</code>. Held events leave with the second command, in as many copies as you like.</p>
${codeBlock(`curl -s ${base}/events ${body} '{ "mode": "hold" }'
curl -s ${base}/events/flush ${body} '{ "copies": 3 }'`)}
<h3>Give money back past us</h3>
<p>What somebody else with a key does. Ids are in the lists above; without an amount it is all that is left. A refund may fail weeks after it succeeded.</p>
${codeBlock(`curl -s ${base}/refunds ${body} '{ "charge": "ch_...", "amount": 500 }'
curl -s ${base}/refunds ${body} '{ "refund": "re_...", "status": "failed" }'
curl -s ${base}/reversals ${body} '{ "transfer": "tr_...", "amount": 500 }'`)}
<h3>Dispute a charge</h3>
<p>What the bank of a cardholder does: it takes back all that is left, or an <code>amount</code>, or with <code>"inquiry": true</code> only asks. It ends as <code>won</code>, <code>lost</code> or <code>warning_closed</code>; an inquiry becomes a dispute by <code>needs_response</code>.</p>
${codeBlock(`curl -s ${base}/disputes ${body} '{ "charge": "ch_..." }'
curl -s ${base}/disputes ${body} '{ "dispute": "du_...", "status": "lost" }'`)}
<h3>Be a real platform’s Stripe</h3>
<p>The platform’s money goes to its bank every day; Stripe bills taxes and holds reserves; what comes in another currency is converted, at rates in euros; reversals reach only what is available; the platform profile is not signed, so that no account is opened.</p>
${codeBlock(`curl -s ${base}/payouts ${body} '{ "schedule": "daily" }'
curl -s ${base}/balance ${body} '{ "type": "tax_fee", "amount": -17 }'
curl -s ${base}/conversion ${body} '{ "mode": "on", "rates": { "usd": 0.9 } }'
curl -s ${base}/reversals ${body} '{ "mode": "available_only" }'
curl -s ${base}/platform ${body} '{ "profileSigned": false }'`)}
<h3>Start afresh</h3>
<p>Empties the emulator and the database, ends all faults, and sets the clock to the time of day.</p>
${codeBlock(`curl -s -X POST ${base}/reset`)}`;
}
