import { html } from "hono/html";
import type { Page } from "./page.ts";

/** The catalogue of errors, as `/api/v1/errors` answers it. */
export interface ErrorCatalogue {
  data: readonly CataloguedError[];
}

interface CataloguedError {
  code: string;
  means: string;
  retryable: boolean;
  next: string;
  answers: readonly { dialect: string; status: number }[];
  page: string;
}

/** Renders the page that lists all codes by the part of the API that answers with them. */
export function renderErrorIndex({ data }: ErrorCatalogue): Page {
  const groups = Map.groupBy(data, ({ answers }) => groupOf(answers.map(({ dialect }) => dialect)));
  const main = html`<article>
<h1>Errors</h1>
<p class="lead">Every error has a stable name: <code>code</code>, or <code>errorCode</code> in the transfers contract. <a href="/guides/errors">The guide</a> shows the forms of the answers, and <a href="/api/v1/errors">/api/v1/errors</a> is this list for programs.</p>
${[...groups].map(
  ([group, errors]) => html`<h2>${group}</h2>
<ul class="cards">
${errors.map(
  ({ code, means, page }) => html`<li><a href="${page}"><code>${code}</code></a> <span>${means}</span></li>
`,
)}</ul>
`,
)}
</article>`;
  return {
    title: "Errors",
    description: "Every error of Accord: what it means, and what to do next.",
    path: "/errors/",
    main: main.toString(),
  };
}

const titles: Record<string, string> = {
  offers: "Offers",
  payments: "Payments",
  transfers: "Transfers",
  problem: "Webhook endpoints, the operator's API, and the service itself",
};

function groupOf(dialects: readonly string[]): string {
  const [only, ...others] = new Set(dialects);
  return only === undefined || others.length > 0 ? "Several contracts" : (titles[only] ?? only);
}

/** Renders the pages of all codes. Codes that differ in case only share one. */
export function renderErrors({ data }: ErrorCatalogue): Page[] {
  return [...Map.groupBy(data, ({ page }) => page)].map(([path, errors]) => {
    const title = errors.map(({ code }) => code).join(", ");
    const main = html`<article>
${errors.map(renderError)}
<p><a href="/errors/">All errors</a></p>
</article>`;
    return { title, description: errors[0]?.means ?? "", path, main: main.toString() };
  });
}

function renderError({ code, means, retryable, next, answers }: CataloguedError) {
  return html`<h1><code>${code}</code></h1>
<p class="lead">${means}</p>
<h2>What to do</h2>
<p>${next}</p>
<p>${retryable ? "The same request may succeed later by itself." : "The same request fails again, unless something else changes."}</p>
<h2>Where it is answered</h2>
<ul>
${answers.map(
  ({ dialect, status }) => html`<li>${titles[dialect] ?? dialect}: ${String(status)}</li>
`,
)}</ul>
`;
}
