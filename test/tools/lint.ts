/**
 * `npm run test:tools`: lets other people's linters read the API's descriptions, the joined one and each contract's.
 * Their warnings count like errors. No rule of theirs is switched off.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { tools } from "./install.ts";

const here = import.meta.dirname;
const assets = resolve(here, "../../dist/assets");
const described = [
  "openapi.json",
  "openapi/offers.json",
  "openapi/payments.json",
  "openapi/transfers.json",
  "docs/operator.json",
];

const folder = mkdtempSync(join(tmpdir(), "lint-"));
writeFileSync(join(folder, "redocly.yaml"), "extends:\n  - recommended\n");
writeFileSync(join(folder, "spectral.yaml"), 'extends: ["spectral:oas"]\n');

interface Linter {
  program: string;
  args: (file: string) => string[];
  /** Lists what it says, one line each. */
  findings: (output: string) => string[];
}

const linters: Linter[] = [
  {
    program: "redocly",
    args: (file) => ["lint", "--config", join(folder, "redocly.yaml"), "--format=json", file],
    findings: (output) =>
      JSON.parse(output).problems.map(
        ({ ruleId, message, location }: { ruleId: string; message: string; location: { pointer?: string }[] }) =>
          `${ruleId}: ${message} ${location[0]?.pointer}`,
      ),
  },
  {
    program: "spectral",
    args: (file) => ["lint", "-r", join(folder, "spectral.yaml"), "-f", "json", "-q", "--fail-severity=hint", file],
    findings: (output) =>
      JSON.parse(output || "[]").map(
        ({ code, message, path }: { code: string; message: string; path: string[] }) =>
          `${code}: ${message} ${path.join("/")}`,
      ),
  },
];

let failed = 0;
for (const { program, args, findings } of linters) {
  const { version } = JSON.parse(readFileSync(join(tools, "node_modules", packageOf(program), "package.json"), "utf8"));
  for (const name of described) {
    const bin = join(tools, "node_modules/.bin", program);
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", CI: "true" };
    const { stdout, stderr, status } = spawnSync(bin, args(join(assets, name)), {
      encoding: "utf8",
      env,
      maxBuffer: 2 ** 26,
    });
    const found = read(stdout, findings) ?? [`it did not run: ${stderr.slice(-2_000)}`];
    for (const one of found) console.log(`      ${one}`);
    const isClean = status === 0 && found.length === 0;
    if (!isClean) failed += 1;
    console.log(`${isClean ? "ok  " : "FAIL"}  ${program} ${version}: ${name}`);
  }
}
process.exit(failed === 0 ? 0 : 1);

function packageOf(program: string): string {
  return program === "redocly" ? "@redocly/cli" : "@stoplight/spectral-cli";
}

function read(output: string, findings: Linter["findings"]): string[] | undefined {
  try {
    return findings(output);
  } catch {
    return undefined;
  }
}
