import { html } from "hono/html";
import type { Page } from "./page.ts";

interface Reference {
  /** The last part of the page's address. */
  name: string;
  title: string;
  about: string;
  /** The address of the description in OpenAPI. */
  description: string;
  /** The address of the typed client, if there is one. */
  client?: string;
}

const references: Reference[] = [
  {
    name: "offers",
    title: "Offers API",
    about: "A client asks for an expert opinion, experts make offers, the client pays one of them, the expert is paid.",
    description: "/api/v1/openapi/offers.json",
    client: "/client/offers.ts",
  },
  {
    name: "payments",
    title: "Payments API",
    about: "Developers open connected accounts, and their shoppers pay orders on them.",
    description: "/api/v1/openapi/payments.json",
    client: "/client/payments.ts",
  },
  {
    name: "transfers",
    title: "Transfers API",
    about: "Applications exchange money between their users' tags, with wallets and a daily settlement.",
    description: "/api/v1/openapi/transfers.json",
    client: "/client/transfers.ts",
  },
  {
    name: "operator",
    title: "Operator API",
    about: "The books, what waits for a person, webhook endpoints, and Stripe's own webhook.",
    description: "/docs/operator.json",
  },
];

/** Addresses of what the pages of the reference load. */
export interface ReferenceFiles {
  styles: readonly string[];
  scripts: readonly string[];
}

/** Renders the page of each part of the API: the description itself is read by the browser. */
export function renderReferences({ styles, scripts }: ReferenceFiles): Page[] {
  return references.map(({ name, title, about, description, client }) => ({
    title,
    description: about,
    path: `/docs/${name}`,
    styles,
    scripts,
    main: html`<h1>${title}</h1>
<p class="lead">${about} <a href="${description}">The description in OpenAPI 3.1</a>${client && html`, <a href="${client}">a typed client</a>, and <a href="/guides/typed-client">how it is used</a>`}.</p>
<section id="sandbox" data-contract="${name}" hidden aria-label="Tokens of the sandbox"></section>
<div id="reference" data-description="${description}"><p>The reference is drawn by a script of this site.</p></div>`.toString(),
  }));
}

/** Renders the page that leads to all parts of the reference. */
export function renderReferenceIndex(): Page {
  const main = html`<article>
<h1>API reference</h1>
<p class="lead">Every operation with its members, answers and errors. In the sandbox each of them can be tried out from its page.</p>
<ul class="cards">
${references.map(
  ({ name, title, about }) => html`<li><a href="/docs/${name}">${title}</a> <span>${about}</span></li>
`,
)}</ul>
<p>The whole API in one document: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>, or <a href="/guides/test-with-the-sandbox#postman">a collection for Postman</a>. How to use it is told in the <a href="/guides/">guides</a>; <a href="/guides/typed-client">the typed client</a> begins with a program that takes a payment.</p>
</article>`;
  return {
    title: "API reference",
    description: "Every operation of Accord, with its members, answers and errors.",
    path: "/docs/",
    main: main.toString(),
  };
}

/** Renders what is shown for an address that no page has. */
export function renderNotFound(): Page {
  const main = html`<article>
<h1>There is no such page</h1>
<p class="lead">It may have been renamed. What there is stands in the <a href="/guides/">guides</a> and in the <a href="/docs/">API reference</a>.</p>
</article>`;
  return { title: "No such page", description: "There is no such page.", path: "/404", main: main.toString() };
}
