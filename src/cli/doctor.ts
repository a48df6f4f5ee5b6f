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
import { askStripe } from "./doctor/ask-stripe.ts";
import { type Finding, wrong } from "./doctor/finding.ts";
import { checkSettings, checkStatus } from "./doctor/settings.ts";
import { checkAccount, checkConnect, checkPayouts } from "./doctor/stripe-account.ts";
import { checkEndpoints } from "./doctor/webhook-endpoints.ts";
import { loadWorker } from "./doctor/worker.ts";
import { root } from "./wrangler.ts";

const baseUrl = (process.env.BASE_URL ?? "http://localhost:8787").replace(/\/+$/, "");
const settingsFile = process.env.ACCORD_SETTINGS ?? ".production.vars";

const worker = await loadWorker();
const isSandbox = (await statusOf("/sandbox/control/clock")) === 200;
const { values: vars, problems } = isSandbox
  ? { values: { STRIPE_SECRET_KEY: "sk_test_looking" }, problems: [] }
  : settingsIn(settingsFile);
const stripe = {
  origin: isSandbox ? `${baseUrl}/sandbox/stripe` : "https://api.stripe.com",
  key: vars.STRIPE_SECRET_KEY,
  version: worker.stripeApiVersion,
};

const findings: Finding[] = [
  ...problems.map((problem) => wrong(problem, `Mend it in ${settingsFile}, then deploy.`)),
  ...(isSandbox ? [] : ofSettings()),
  checkStatus(baseUrl, await statusOf("/api/v1/status")),
  ...checkAccount(worker, await askStripe(stripe, "/v1/account")),
  ...checkConnect(await askStripe(stripe, "/v1/accounts?limit=10")),
  ...checkPayouts(await askStripe(stripe, "/v1/balance_settings"), vars.PAYOUT_RELEASE),
  ...checkEndpoints(worker, `${baseUrl}/api/v1/webhooks`, await askStripe(stripe, "/v1/webhook_endpoints?limit=100")),
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

async function statusOf(path: string): Promise<number | null> {
  const response = await fetch(baseUrl + path).catch(() => null);
  return response?.status ?? null;
}
