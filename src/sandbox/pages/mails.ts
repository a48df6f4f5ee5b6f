import { renderDocument } from "./document";
import { type Html, html } from "./html";
import { link } from "./link";
import type { MailsView, MailView } from "./views";

/** Renders `GET /sandbox/mails`: what users were mailed. */
export function renderMailsPage({ nonce, mails }: MailsView): string {
  return renderDocument({
    title: "Mails",
    nonce,
    shape: "text",
    main: html`<h1>Mails</h1>
<p class="lead">What users were mailed, newest first. Nothing leaves this machine. <a href="/sandbox/mails">Look again</a> · <a href="/sandbox/inbox/mail">Let the mailer fail</a></p>
${mails.length > 0 ? mails.map(mail) : html`<p class="quiet">Nothing yet. Whoever registers is mailed a link that verifies the e-mail.</p>`}`,
  });
}

function mail({ atMs, to, subject, text }: MailView): Html {
  const at = new Date(atMs).toISOString();
  return html`<article class="arrival">
<h3>${subject}</h3>
<p>To <code>${to}</code> · <time datetime="${at}">${at.slice(0, 19).replace("T", " ")} UTC</time></p>
${text
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => html`<p>${/^https?:\S+$/.test(line) ? html`<a href="${link(line)}">${line}</a>` : line}</p>`)}
</article>
`;
}
