import { codeBlock } from "./code-block";
import { COPY_SCRIPT } from "./copy-script";
import { renderDocument } from "./document";
import { type Html, html } from "./html";
import { link } from "./link";
import { formatMoney } from "./money";
import type { RecentSessionView, StartView } from "./views";

/** `GET /`: what is running, and what to try first. */
export function renderStartPage(view: StartView): string {
  return renderDocument({
    title: "Accord sandbox",
    nonce: view.nonce,
    shape: "text",
    script: COPY_SCRIPT,
    main: html`<h1>Accord is running</h1>
${codeBlock(`curl -s ${view.origin}/api/v1/status`)}
${sessions(view.recentSessions)}`,
  });
}

function sessions(recent: readonly RecentSessionView[]): Html | false {
  return (
    recent.length > 0 &&
    html`<h2>Recent checkout sessions</h2>
<ul>${recent.map((session) => html`<li><a href="${link(session.url)}">${session.id}</a> ${formatMoney(session.totalMinor, session.currency)} ${session.status}</li>`)}</ul>`
  );
}
