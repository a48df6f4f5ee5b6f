/**
 * `npm run doctor`: checks a deployment's settings and bindings, the Stripe account behind it and its webhook endpoints
 * there, and says what to do. BASE_URL names the deployment, ACCORD_SETTINGS its settings (`.production.vars`). It also
 * checks the sandbox of `npm start`. Changes nothing. Exit code 1 if anything is wrong.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readConfiguration } from "./deploy/configuration.ts";
import { Refused } from "./deploy/refused.ts";
import { readSettings } from "./deploy/settings.ts";
import { checkDeployment, statusOf } from "./doctor/deployment.ts";
import { type Finding, wrong } from "./doctor/finding.ts";
import { checkSettings } from "./doctor/settings.ts";
import { loadWorker } from "./doctor/worker.ts";
import { root } from "./wrangler.ts";

const baseUrl = (process.env.BASE_URL ?? "http://localhost:8787").replace(/\/+$/, "");
const settingsFile = process.env.ACCORD_SETTINGS ?? ".production.vars";

const worker = await loadWorker();
const isSandbox = (await statusOf(baseUrl, "/sandbox/control/clock")) === 200;
const { values: vars, problems } = isSandbox
  ? { values: { STRIPE_SECRET_KEY: "sk_test_looking" }, problems: [] }
  : settingsIn(settingsFile);
const stripeOrigin = isSandbox ? `${baseUrl}/sandbox/stripe` : "https://api.stripe.com";

const findings: Finding[] = [
  ...problems.map((problem) => wrong(problem, `Mend it in ${settingsFile}, then deploy.`)),
  ...(isSandbox ? [] : ofSettings()),
  ...(await checkDeployment(worker, baseUrl, vars, stripeOrigin)),
];

const marks = { well: "ok    ", unsure: "look  ", wrong: "WRONG " } as const;
for (const { state, what, todo } of findings) {
  console.log(`${marks[state]}${what}`);
  if (todo) console.log(`      ${todo}`);
}
const wrongs = findings.filter(({ state }) => state === "wrong").length;
console.log(wrongs === 0 ? "\nNothing is wrong." : `\n${wrongs} to mend.`);
process.exit(wrongs === 0 ? 0 : 1);

/** Reads the settings in the same way as `npm run deploy`. Ends the process if the file is missing. */
function settingsIn(file: string) {
  const path = resolve(root, file);
  const read = (one: string) => readFileSync(one, "utf8");
  if (existsSync(path)) return readSettings(read(path), read(resolve(root, ".dev.vars.example")));
  console.error(`There is no ${file}. Fill one in (.dev.vars.example), or name another with ACCORD_SETTINGS.`);
  process.exit(2);
}

function ofSettings(): Finding[] {
  try {
    return checkSettings(worker, vars, readConfiguration().handed);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [wrong(error.message, "Mend wrangler.toml, then deploy.")];
  }
}
