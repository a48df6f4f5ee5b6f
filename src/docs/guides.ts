import { html, raw } from "hono/html";
import { Marked, type Tokens } from "marked";
import type { Page } from "./page.ts";

/** A guide as the README lists it. */
export interface Guide {
  /** The name of the file, without its ending. */
  name: string;
  title: string;
  /** Its subject, in a few words. */
  about: string;
  /** The heading of its list: the reader's purpose. */
  group: string;
}

/** Lists the guides in the order in which the README's tables do. */
export function listGuides(readme: string): Guide[] {
  let group = "";
  return readme.split("\n").flatMap((line) => {
    group = /^\| ([^|[]+) \| \|$/.exec(line)?.[1] ?? group;
    const [, title, name, about] = /^\| \[([^\]]+)\]\(src\/guides\/([\w-]+)\.md\) \| (.+) \|$/.exec(line) ?? [];
    return title && name && about ? [{ name, title, about, group }] : [];
  });
}

/**
 * Renders a guide. Links between guides lead to their pages and show their titles; those to files of the repository,
 * which a reader of the site does not have, become plain text. Headings get the same anchors as on code hosting sites.
 */
export function renderGuide(guide: Guide, markdown: string, guides: readonly Guide[]): Page {
  const at = guides.indexOf(guide);
  const [before, after] = [guides[at - 1], guides[at + 1]];
  const main = html`<div class="columns">
<nav class="list" aria-label="Guides">${navigation(guides, guide)}</nav>
<article>
${raw(markedFor(guides).parse(markdown) as string)}
<nav class="turn" aria-label="Next pages">
${before && html`<a rel="prev" href="/guides/${before.name}"><small>Before</small> ${before.title}</a>`}
${after && html`<a rel="next" href="/guides/${after.name}"><small>Next</small> ${after.title}</a>`}
</nav>
</article>
</div>`;
  return {
    title: guide.title,
    description: `${guide.title}: ${guide.about}.`,
    path: `/guides/${guide.name}`,
    main: main.toString(),
  };
}

/** Renders the page that lists all guides. */
export function renderGuideIndex(guides: readonly Guide[]): Page {
  const main = html`<article>
<h1>Guides</h1>
${groupsOf(guides).map(
  ([group, listed]) => html`<h2>${group}</h2>
<ul class="cards">
${listed.map(
  ({ name, title, about }) => html`<li><a href="/guides/${name}">${title}</a> <span>${about}</span></li>
`,
)}</ul>
`,
)}
</article>`;
  return {
    title: "Guides",
    description: "How to use, run and change Accord.",
    path: "/guides/",
    main: main.toString(),
  };
}

function navigation(guides: readonly Guide[], here: Guide) {
  return groupsOf(guides).map(
    ([group, listed]) => html`<h2>${group}</h2>
<ul>
${listed.map(
  (
    guide,
  ) => html`<li><a href="/guides/${guide.name}"${guide === here ? raw(' aria-current="page"') : ""}>${guide.title}</a></li>
`,
)}</ul>
`,
  );
}

function groupsOf(guides: readonly Guide[]): [group: string, guides: Guide[]][] {
  return [...Map.groupBy(guides, ({ group }) => group)];
}

function markedFor(guides: readonly Guide[]): Marked {
  const titles = new Map(guides.map(({ name, title }) => [name, title]));
  const used = new Map<string, number>();
  return new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        const base = anchorOf(text);
        const times = used.get(base) ?? 0;
        used.set(base, times + 1);
        const id = times === 0 ? base : `${base}-${times}`;
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, text, tokens }: Tokens.Link) {
        const target = addressOf(href, titles);
        const title = titles.get(text.replace(/\.md$/, ""));
        const shown = text.endsWith(".md") && title ? escaped(title) : this.parser.parseInline(tokens);
        return target === undefined ? shown : `<a href="${target}">${shown}</a>`;
      },
      image({ href, text }: Tokens.Image) {
        const [, name] = /^\.\.\/docs\/images\/([\w-]+\.webp)$/.exec(href) ?? [];
        return name === undefined ? escaped(text) : `<img src="/docs/images/${name}" alt="${escaped(text)}">`;
      },
      // A wide table scrolls by itself, and can be reached by the keyboard.
      table(token: Tokens.Table) {
        const row = (cells: Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>`;
        return `<div class="wide" tabindex="0" role="region" aria-label="Table"><table><thead>${row(token.header, "th")}</thead>
<tbody>${token.rows.map((cells) => row(cells, "td")).join("\n")}</tbody></table></div>\n`;
      },
      code({ text, lang }: Tokens.Code) {
        const kind = lang === "text" ? "Output" : "Commands";
        return `<pre tabindex="0" aria-label="${kind}" class="${lang === "text" ? "output" : "input"}"><code>${escaped(text)}</code></pre>\n`;
      },
    },
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Returns the address of a link on the site; undefined if it leads to a file of the repository. */
function addressOf(href: string, guides: ReadonlyMap<string, string>): string | undefined {
  if (/^(https?:|#)/.test(href)) return href;
  const [, name, anchor = ""] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  return name !== undefined && guides.has(name) ? `/guides/${name}${anchor}` : undefined;
}

/** Returns the anchor that code hosting sites give to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}
