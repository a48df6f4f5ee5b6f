import { renderDocument } from "./document";
import { html } from "./html";
import { link } from "./link";
import type { MessageKind, MessageView } from "./views";

const MESSAGES: Readonly<Record<MessageKind, { readonly title: string; readonly text: string }>> = {
  session_expired: {
    title: "This payment page has expired",
    text: "You have not been charged. Start the checkout again to get a new page.",
  },
  already_paid: {
    title: "This has already been paid",
    text: "The payment was completed earlier. You need not do anything, and nothing is charged again.",
  },
  not_found: {
    title: "There is nothing here",
    text: "Check the address. After a reset of the sandbox, earlier links no longer work.",
  },
  approved: {
    title: "Your bank has confirmed it",
    text: "The shop is told and goes on by itself. You need not do anything, and can close this page.",
  },
  refused: {
    title: "It was not confirmed",
    text: "You have not been charged. Go back to the shop to pay again, or in another way.",
  },
};

/** Renders a page with one message and one link. */
export function renderMessagePage(view: MessageView): string {
  const message = MESSAGES[view.kind];
  const next = view.link === null ? { label: "To the start page", url: "/" } : view.link;
  return renderDocument({
    title: message.title,
    nonce: view.nonce,
    shape: "card",
    main: html`<h1>${message.title}</h1>
<p>${message.text}</p>
<p><a class="primary" href="${link(next.url)}">${next.label}</a></p>`,
  });
}
