/**
 * `npm run build`: makes what is served as static assets, into dist/assets: documents that the Worker reads, the typed
 * clients, the console, and the pages of the guides and of the reference. The sandbox's own are in dist/sandbox. Nobody has to run it: wrangler does before every bundle
 * and vitest before every run, so that nothing in dist/ is older than its sources.
 */
import { createHash } from "node:crypto";
import { dictionary } from "@zxcvbn-ts/language-common";
import numberingPlans from "libphonenumber-js/min/metadata";
import type { ErrorCatalogue } from "../docs/errors.ts";
import { makeClients } from "./make-clients.ts";
import { makeConsole } from "./make-console.ts";
import { makePages, printHeaders } from "./make-pages.ts";
import { runBundled } from "./run-bundled.ts";
import { writeAssets } from "./write-assets.ts";

const made: Record<string, unknown> = JSON.parse(
  await runBundled(`
    import { documents } from "./src/documents";
    import { mailTexts } from "./src/mail/texts";
    process.stdout.write(JSON.stringify({ ...documents, "/mail-texts.json": mailTexts }));
  `),
);

/** The frequent passwords that the rule of src/http/offers/fields.ts would take, in lower case. */
const frequentPasswords = dictionary["passwords-common"].filter(
  (password) => password.length >= 8 && /\p{L}/u.test(password) && /\p{N}/u.test(password),
);
const documents = {
  ...made,
  "/numbering-plans.json": numberingPlans,
  "/frequent-passwords.json": frequentPasswords,
};
const clients = makeClients(made);
const consoles = await makeConsole(clients);
const printed = Object.entries(documents).map(([path, content]) => [path, JSON.stringify(content)] as const);
const pages = await makePages(made["/errors.json"] as ErrorCatalogue);
writeRelease("assets", { ...Object.fromEntries(printed), ...clients, ...pages, ...consoles.deployed });
writeRelease("sandbox", { ...Object.fromEntries(printed), ...clients, ...pages, ...consoles.ofSandbox });

/**
 * Writes the assets of a Worker with their headers, and with the name of this release, by which a page that stays open
 * learns that it is of an older one.
 */
function writeRelease(folder: string, files: Record<string, string | Uint8Array>): void {
  const assets = { ...files, "/_headers": printHeaders(Object.keys(files)) };
  const digest = createHash("sha256");
  for (const [path, content] of Object.entries(assets)) digest.update(`${path}\n`).update(content);
  writeAssets(folder, { ...assets, "/release.json": JSON.stringify({ release: digest.digest("hex").slice(0, 12) }) });
}
