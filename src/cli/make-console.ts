import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./wrangler.ts";

const folder = "src/console";
const assets = "/console/assets";

/** The files of a console by their path among the assets. */
type Files = Record<string, string>;

/**
 * Makes the operator console: one page, one script, one style sheet. The sandbox's has the Welcome as well, in a script
 * and a style sheet of its own, which no deployment uploads; it loads the clients of the contracts and the encryption
 * library when a journey is told. `clients` are the texts of the typed clients by their path, which the scripts hold.
 * Each file that a page loads has a digest of its content in its name, so that browsers may keep it for ever.
 */
export async function makeConsole(clients: Files): Promise<{ deployed: Files; ofSandbox: Files }> {
  const [deployed, ofSandbox] = await Promise.all([
    consoleOf("console", { script: "index.tsx", style: "style/index.css" }, clients),
    consoleOf("sandbox", { script: "welcome/index.tsx", style: "welcome/index.css" }, clients),
  ]);
  return { deployed, ofSandbox };
}

async function consoleOf(name: string, entries: { script: string; style: string }, clients: Files): Promise<Files> {
  const [[script, later], [style]] = await Promise.all([
    bundle(entries.script, clients),
    bundle(entries.style, clients),
  ]);
  const [scriptPath, stylePath] = [pathOf(name, "js", script), pathOf(name, "css", style)];
  return { [scriptPath]: script, ...later, [stylePath]: style, "/console/index.html": page(scriptPath, stylePath) };
}

/** Returns what the page loads, and the files that this loads later. */
async function bundle(entry: string, clients: Files): Promise<[first: string, later: Files]> {
  const { outputFiles } = await build({
    entryPoints: [join(root, folder, entry)],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    splitting: true,
    outdir: assets,
    chunkNames: "later-[hash]",
    target: ["es2023", "chrome123", "firefox120", "safari17.5"],
    legalComments: "none",
    tsconfig: join(root, folder, "tsconfig.json"),
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "typed-clients",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^#\w+$/ }, ({ path }) => ({ path, namespace: "made" }));
          onLoad({ filter: /^#\w+$/, namespace: "made" }, ({ path }) => ({
            contents: clients[`/client/${path.slice(1)}.ts`] ?? "",
            loader: "ts",
          }));
        },
      },
    ],
  });
  const [first, ...later] = outputFiles;
  return [first?.text ?? "", Object.fromEntries(later.map(({ path, text }) => [path, text]))];
}

function pathOf(name: string, extension: string, content: string): string {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return `${assets}/${name}-${digest}.${extension}`;
}

function page(script: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Accord console</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
</head>
<body>
<noscript>The console needs JavaScript. Everything that it shows is in the operator API, too: see /docs/operator.</noscript>
</body>
</html>
`;
}
