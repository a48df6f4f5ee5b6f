/**
 * `npm run check`: checks everything that must hold before a change is accepted, cheapest first. `-- --without-tests`
 * leaves out what `npm test` runs.
 */
import { spawn } from "node:child_process";
import { delimiter, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const bin = resolve(root, "node_modules/.bin");

interface Step {
  name: string;
  command: string;
  /** The part of its output that is shown. */
  detail?: RegExp;
}

const steps: Step[] = [
  { name: "build", command: "node src/cli/build.ts" },
  { name: "types", command: "tsc" },
  { name: "types in browsers", command: "tsc -p src/docs/browser" },
  { name: "format and lint", command: "biome check --error-on-warnings", detail: /Checked \d+ files/ },
  { name: "dead code", command: "knip" },
];
const testSteps: Step[] = [
  { name: "migrations", command: "vitest run test/migrations.test.ts", detail: /\d+ passed/ },
  { name: "production bundle", command: "vitest run test/bundle.test.ts", detail: /[\d.]+ KB gzipped, limit \d+ KB/ },
  {
    name: "tests",
    command: "vitest run --exclude test/migrations.test.ts --exclude test/bundle.test.ts",
    detail: /(?<=Tests\s+)\d+ passed.*(?= \()/,
  },
];

let passed = 0;
let failed = 0;
for (const step of process.argv.includes("--without-tests") ? steps : [...steps, ...testSteps]) {
  const startedAtMs = Date.now();
  const { code, output } = await run(step.command);
  const seconds = `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`;
  const detail = step.detail?.exec(output)?.[0] ?? "";
  console.log(`${code === 0 ? "ok  " : "FAIL"}  ${step.name.padEnd(20)}${seconds.padStart(8)}  ${detail}`);
  if (code === 0) passed += 1;
  else {
    failed += 1;
    console.log(`\n$ ${step.command}\n${output}`);
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function run(command: string): Promise<{ code: number; output: string }> {
  const [program = "", ...args] = command.split(" ");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NO_COLOR: "1", FORCE_COLOR: "0" };
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return await new Promise((done) => child.on("close", (code) => done({ code: code ?? 1, output })));
}
