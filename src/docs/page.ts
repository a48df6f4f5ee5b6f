import { html, raw } from "hono/html";

/** A page of the guides or of the reference, before it is printed. */
export interface Page {
  title: string;
  /** One sentence for search engines and for link previews. */
  description: string;
  /** Address of the page, by which the navigation marks where the reader is. */
  path: string;
  /** Markup of the page's main part. */
  main: string;
  /** Addresses of style sheets besides the site's own, and of scripts. */
  styles?: readonly string[];
  scripts?: readonly string[];
}

/** The sections of the site, which every page links to. */
const sections = [
  { path: "/guides/", title: "Guides" },
  { path: "/docs/offers", title: "Offers API" },
  { path: "/docs/payments", title: "Payments API" },
  { path: "/docs/transfers", title: "Transfers API" },
  { path: "/docs/operator", title: "Operator API" },
  { path: "/errors/", title: "Errors" },
];

/**
 * Prints a whole page. It loads its styles and scripts from this origin only, and has none of them inline, so that it
 * can be served under a strict content security policy.
 */
export function printPage(page: Page, siteStyle: string): string {
  const isHere = (path: string) =>
    /^\/(guides|errors)\/$/.test(path) ? page.path.startsWith(path) : page.path === path;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${page.description}">
<title>${page.title} · Accord</title>
<link rel="icon" href="data:,">
${[siteStyle, ...(page.styles ?? [])].map(
  (path) => html`<link rel="stylesheet" href="${path}">
`,
)}${(page.scripts ?? []).map(
  (path) => html`<script src="${path}" defer></script>
`,
)}</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>
<a class="name" href="/">Accord</a>
<nav aria-label="Sections">
${sections.map(
  ({ path, title }) => html`<a href="${path}"${isHere(path) ? raw(' aria-current="page"') : ""}>${title}</a>
`,
)}</nav>
</header>
<main id="main" tabindex="-1">
${raw(page.main)}
</main>
</body>
</html>
`.toString();
}
