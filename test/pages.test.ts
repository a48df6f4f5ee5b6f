import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listGuides } from "../src/docs/guides";

const assets = "dist/assets";
const files = readdirSync(assets, { recursive: true, encoding: "utf8" });
const pages = new Map(
  files.filter((file) => file.endsWith(".html")).map((file) => [file, readFileSync(join(assets, file), "utf8")]),
);
const guides = listGuides(readFileSync("README.md", "utf8"));

const codes: { code: string; means: string; page: string }[] = JSON.parse(
  readFileSync(join(assets, "errors.json"), "utf8"),
).data;

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** Returns the file that is served at an address of the site; undefined if the Worker answers there. */
function fileAt(path: string): string | undefined {
  if (path === "/" || path.startsWith("/api/")) return undefined;
  const [, name = ""] = /^\/(.*)$/.exec(path) ?? [];
  if (name.endsWith("/")) return `${name}index.html`;
  return /\.\w+$/.test(name) ? name : `${name}.html`;
}

describe("the pages", () => {
  it("are one for each guide, for each part of the API and for each error", () => {
    expect(guides.map(({ name }) => name).sort()).toEqual(
      readdirSync("src/guides")
        .map((name) => name.replace(/\.md$/, ""))
        .sort(),
    );
    const wanted = [
      "404.html",
      "console/index.html",
      "guides/index.html",
      ...guides.map(({ name }) => `guides/${name}.html`),
      ...["index", "offers", "payments", "transfers", "operator"].map((name) => `docs/${name}.html`),
      "errors/index.html",
      ...new Set(codes.map(({ page }) => `${page.slice(1)}.html`)),
    ];
    expect([...pages.keys()].sort()).toEqual(wanted.sort());
  });

  it("lead to pages and headings that there are", () => {
    const broken = [...pages].flatMap(([page, text]) =>
      all(text, /(?:href|src|data-description)="(?!https?:|data:)([^"]+)"/g).filter((link) => {
        const [path = "", anchor] = link.split("#");
        const file = path === "" ? page : fileAt(path);
        if (file === undefined) return false;
        if (!existsSync(join(assets, file))) return true;
        return anchor !== undefined && !readFileSync(join(assets, file), "utf8").includes(`id="${anchor}"`);
      }),
    );
    expect(all([...pages.values()].join(), /(href)=/g).length).toBeGreaterThan(500);
    expect(broken).toEqual([]);
  });

  it("say on the page of each code what it means", () => {
    expect(codes.length).toBeGreaterThan(100);
    for (const { code, means, page } of codes) {
      const text = pages.get(`${page.slice(1)}.html`) ?? "";
      expect(text).toContain(`<code>${code}</code>`);
      expect(text).toContain(`<p class="lead">${means.replaceAll("'", "&#39;")}</p>`);
    }
  });

  it("load nothing from elsewhere and run nothing of their own text", () => {
    const loads = [...pages.values()].flatMap((text) =>
      all(text, /<(?:link rel="stylesheet" href|script(?: type="module")? src)="([^"]+)"/g),
    );
    expect(loads.filter((path) => !/^\/(docs\/static|console\/assets)\//.test(path))).toEqual([]);
    const inline = [...pages].filter(([, text]) =>
      /<style|<script(?! src=| type="module" src=)|\sstyle="|\son\w+="/.test(text),
    );
    expect(inline.map(([page]) => page)).toEqual([]);
  });

  it("are served under a policy that allows only this origin", () => {
    const headers = readFileSync(join(assets, "_headers"), "utf8");
    const policies = all(headers, /Content-Security-Policy: (.+)/g);
    expect(policies.length).toBeGreaterThan(2);
    for (const policy of policies) {
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
    }
  });

  it("have their headers in one block for each path, because a later block of the same path takes its place", () => {
    const blocks = all(readFileSync(join(assets, "_headers"), "utf8"), /^(\/.*)$/gm);
    expect(blocks).toContain("/client/payments.ts");
    expect(new Set(blocks).size).toBe(blocks.length);
  });

  it("keep what is hostile in a guide as text", async () => {
    const { renderGuide } = await import("../src/docs/guides");
    const guide = { name: "x", title: "<b>x</b>", about: '"quoted"', group: "g" };
    const { main } = renderGuide(guide, "`<img onerror=x>`\n\n```sh\n</code><script>\n```", [guide]);
    expect(main).not.toMatch(/<img|<script|<b>x/);
  });
});

it("tell a program that reads where everything is", () => {
  const text = readFileSync(join(assets, "llms.txt"), "utf8");
  const links = all(text, /\]\((\/guides\/[^)]+)\)/g);
  expect(links).toHaveLength(guides.length);
  expect(links.filter((link) => !existsSync(join(assets, link)))).toEqual([]);
});
