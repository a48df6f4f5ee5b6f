import { type Html, html, trusted } from "./html";
import { STYLESHEET } from "./stylesheet";

interface Page {
  readonly title: string;
  readonly nonce: string | undefined;
  /** Sets the width and the layout: a form beside its summary, one narrow card, or a long text. */
  readonly shape: "checkout" | "card" | "text";
  readonly main: Html;
  /** A script of ours; the page must work without it. */
  readonly script?: string;
}

/** Renders the whole document, with the notice that every page of the sandbox must have. */
export function renderDocument(page: Page): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<link rel="icon" href="data:,">
<style${nonceAttribute(page.nonce)}>${trusted(STYLESHEET)}</style>
</head>
<body class="${page.shape}">
<p class="notice"><strong>Sandbox.</strong> No real money moves here. Never enter a real card.</p>
<main>
${page.shape === "card" ? html`<div>${page.main}</div>` : page.main}
</main>
<footer><a href="/">Accord sandbox</a></footer>
${page.script !== undefined && html`<script${nonceAttribute(page.nonce)}>${trusted(page.script)}</script>`}
</body>
</html>
`;
  return document.markup;
}

function nonceAttribute(nonce: string | undefined): Html | false {
  return nonce !== undefined && html` nonce="${nonce}"`;
}
