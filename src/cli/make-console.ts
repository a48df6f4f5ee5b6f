import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./wrangler.ts";

const folder = "src/console";

/**
 * Makes the operator console: one page, one script, one style sheet, by their path among the assets. `client` is the
 * text of the operator API's typed client, which the script holds. What the page loads has a digest of its content in
 * its name, so that browsers may keep it for ever.
 */
export async function makeConsole(client: string): Promise<Record<string, string>> {
  const [script, style] = await Promise.all([bundle("index.tsx", client), bundle("style/index.css", client)]);
  const [scriptPath, stylePath] = [pathOf("console", "js", script), pathOf("console", "css", style)];
  return { [scriptPath]: script, [stylePath]: style, "/console/index.html": page(scriptPath, stylePath) };
}

async function bundle(entry: string, client: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, folder, entry)],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: ["es2023", "chrome123", "firefox120", "safari17.5"],
    legalComments: "none",
    tsconfig: join(root, folder, "tsconfig.json"),
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "operator-client",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^#operator$/ }, ({ path }) => ({ path, namespace: "made" }));
          onLoad({ filter: /^#operator$/, namespace: "made" }, () => ({ contents: client, loader: "ts" }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

function pathOf(name: string, extension: string, content: string): string {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return `/console/assets/${name}-${digest}.${extension}`;
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
