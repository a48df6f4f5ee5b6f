import { renderDocument } from "./document";
import { html } from "./html";
import type { MailedLinkView } from "./views";

const PAGES = {
  "reset-password": {
    title: "Choose a new password",
    form: html`<form method="post">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required>
<label for="passwordConfirmation">The same again</label>
<input id="passwordConfirmation" name="passwordConfirmation" type="password" autocomplete="new-password" required>
<button class="primary">Set the password</button>
</form>`,
    done: "The password is set, and all sessions have ended. Log in with it.",
  },
  "verify-email": {
    title: "Confirm your e-mail address",
    form: html`<form method="post"><button class="primary">This address is mine</button></form>`,
    done: "The e-mail address is confirmed.",
  },
} as const;

/** Renders the page that a mailed link leads to: a form, and what the application has answered to it. */
export function renderMailedLinkPage({ nonce, kind, answer }: MailedLinkView): string {
  const { title, form, done } = PAGES[kind];
  return renderDocument({
    title,
    nonce,
    shape: "card",
    main: html`<h1>${title}</h1>
${answer !== null && html`<p role="status">${answer.ok ? done : answer.message}</p>`}
${!answer?.ok && form}`,
  });
}
