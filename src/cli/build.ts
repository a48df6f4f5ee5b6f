/**
 * `npm run build`: makes what is served as static assets, into dist/assets: documents that the Worker reads, the typed
 * clients, the console, and the pages of the guides and of the reference. Nobody has to run it: wrangler does before every bundle
 * and vitest before every run, so that nothing in dist/ is older than its sources.
 */
import { createHash } from "node:crypto";
import { dictionary } from "@zxcvbn-ts/language-common";
import numberingPlans from "libphonenumber-js/min/metadata";
import type { ErrorCatalogue } from "../docs/errors.ts";
import { makeClients } from "./make-clients.ts";
import { makeConsole } from "./make-console.ts";
import { makePages } from "./make-pages.ts";
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
const consoleFiles = await makeConsole(clients["/client/operator.ts"] ?? "");
const printed = Object.entries(documents).map(([path, content]) => [path, JSON.stringify(content)] as const);
const assets = {
  ...Object.fromEntries(printed),
  ...clients,
  ...consoleFiles,
  ...(await makePages(made["/errors.json"] as ErrorCatalogue, Object.keys(consoleFiles))),
};
// The name of this release, by which a page that stays open learns that it is of an older one.
const release = createHash("sha256").update(JSON.stringify(assets)).digest("hex").slice(0, 12);
writeAssets({ ...assets, "/release.json": JSON.stringify({ release }) });
