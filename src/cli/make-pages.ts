import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { build } from "esbuild";
import { type ErrorCatalogue, renderErrorIndex, renderErrors } from "../docs/errors.ts";
import { listGuides, renderGuide, renderGuideIndex } from "../docs/guides.ts";
import { printPage } from "../docs/page.ts";
import { renderNotFound, renderReferenceIndex, renderReferences } from "../docs/reference.ts";
import { printLlmsText } from "../docs/text-files.ts";
import { clientPaths } from "./make-clients.ts";
import { root } from "./wrangler.ts";

const images = "src/docs/images";
const read = (path: string) => readFileSync(join(root, path), "utf8");

/**
 * Makes the guides, the reference and the catalogue of errors as files, by their path among the assets. What a page
 * loads has a digest of its content in its name, so that browsers may keep it for ever.
 */
export async function makePages(errors: ErrorCatalogue): Promise<Record<string, string | Uint8Array>> {
  const loaded: Record<string, string> = {};
  const keep = (name: string, content: string) => {
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const path = `/docs/static/${basename(name, extname(name))}-${digest}${extname(name)}`;
    loaded[path] = content;
    return path;
  };
  const siteStyle = keep("site.css", await bundleForBrowsers("src/docs/site.css"));
  const referenceFiles = {
    styles: [
      keep("swagger-ui.css", read("node_modules/swagger-ui-dist/swagger-ui.css")),
      keep("reference.css", read("src/docs/reference.css")),
    ],
    scripts: [
      keep("swagger-ui.js", read("node_modules/swagger-ui-dist/swagger-ui-bundle.js")),
      keep("reference.js", await bundleForBrowsers("src/docs/browser/reference.ts")),
    ],
  };
  const guides = listGuides(read("README.md"));
  const texts = new Map(guides.map(({ name }) => [name, read(`src/guides/${name}.md`)]));
  const pages = [
    renderGuideIndex(guides),
    ...guides.map((guide) => renderGuide(guide, texts.get(guide.name) ?? "", guides)),
    renderReferenceIndex(),
    ...renderReferences(referenceFiles),
    renderErrorIndex(errors),
    ...renderErrors(errors),
    renderNotFound(),
  ];
  return {
    ...loaded,
    ...Object.fromEntries(pages.map((page) => [fileOf(page.path), printPage(page, siteStyle)])),
    ...Object.fromEntries(
      readdirSync(join(root, images)).map((name) => [`/docs/images/${name}`, readFileSync(join(root, images, name))]),
    ),
    ...Object.fromEntries([...texts].map(([name, text]) => [`/guides/${name}.md`, text])),
    "/llms.txt": printLlmsText(guides),
    "/_redirects": "/ /docs/ 302\n",
  };
}

/** Cloudflare serves `/guides/` of `/guides/index.html`, and `/guides/deploy` of `/guides/deploy.html`. */
function fileOf(path: string): string {
  return path.endsWith("/") ? `${path}index.html` : `${path}.html`;
}

async function bundleForBrowsers(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
    tsconfig: join(root, "src/docs/browser/tsconfig.json"),
  });
  return outputFiles[0]?.text ?? "";
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Prints the headers under which Cloudflare serves files (https://developers.cloudflare.com/workers/static-assets/headers/).
 * Those that may be kept for ever are named one by one, because a pattern would keep the answer that there is no such
 * file as well.
 */
export function printHeaders(paths: readonly string[]): string {
  const pages = [
    "/client/*",
    "/console/assets/*",
    "/docs/*",
    "/errors/*",
    "/explanations.json",
    "/guides/*",
    "/llms.txt",
    "/404",
  ].map(
    (path) => `${path}
  Content-Security-Policy: ${policy}
  Cross-Origin-Opener-Policy: same-origin
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
  Strict-Transport-Security: max-age=63072000; includeSubDomains
`,
  );
  const texts = clientPaths.map((path) => `${path}\n  Content-Type: text/plain; charset=utf-8\n`);
  const kept = paths.filter((path) => /^\/(docs\/static|console\/assets)\//.test(path));
  const immutable = kept.map((path) => `${path}\n  Cache-Control: public, max-age=31536000, immutable\n`);
  return [...pages, ...texts, ...immutable].join("");
}
