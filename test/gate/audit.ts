/**
 * `npm run audit`: asks the registry which packages of the lock files have known vulnerabilities. Fails for serious
 * ones of what the Worker is made of, and prints the others. A registry that cannot be asked is named, and no failure.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

interface Report {
  /** Why there is no report. */
  message?: string;
  statusCode?: number;
  vulnerabilities?: Record<string, { severity: string; range: string }>;
}

const root = resolve(import.meta.dirname, "../..");
const parts = [
  { name: "what the Worker is made of", folder: ".", options: ["--omit=dev"], failsAt: ["high", "critical"] },
  { name: "what it is built and tested with", folder: ".", options: [], failsAt: [] },
  { name: "the programs that look at the API", folder: "test/tools", options: [], failsAt: [] },
];

for (const { name, folder, options, failsAt } of parts) {
  const report = ask(folder, options);
  if (!report.vulnerabilities) {
    const isWithout = [404, 405, 501].includes(report.statusCode ?? 0);
    console.log(`${name}: not known, ${isWithout ? "because the registry has no audit endpoint" : report.message}`);
    if (!isWithout) process.exitCode = 1;
    continue;
  }
  const found = Object.entries(report.vulnerabilities);
  console.log(`${name}: ${found.length} packages with known vulnerabilities`);
  for (const [module, { severity, range }] of found) console.log(`  ${severity} ${module} ${range}`);
  if (found.some(([, { severity }]) => failsAt.includes(severity))) process.exitCode = 1;
}

/** Asks about one lock file. npm's exit code says only whether anything was found. */
function ask(folder: string, options: readonly string[]): Report {
  const args = ["audit", "--json", "--package-lock-only", ...options];
  const { stdout } = spawnSync("npm", args, { cwd: resolve(root, folder), encoding: "utf8" });
  return JSON.parse(stdout) as Report;
}
