/**
 * `npm run test:sabotage [part of a name …]`: plants each mistake into a copy of the repository and runs the tests
 * there: the named ones of each, and at the end all others for those that escaped. A mistake that survives means that the tests are insufficient: exit
 * code 1.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { groupMistakes } from "./group-mistakes.ts";
import { type Mistake, mistakes as others } from "./mistakes.ts";
import { paymentsMistakes } from "./payments-mistakes.ts";
import { peopleMistakes } from "./people-mistakes.ts";
import { transfersMistakes } from "./transfers-mistakes.ts";
import { unknownNames } from "./unknown-names.ts";

const mistakes = [...others, ...paymentsMistakes, ...peopleMistakes, ...transfersMistakes, ...groupMistakes];

const root = resolve(import.meta.dirname, "../..");
const report = "sabotage-report.json";

interface Report {
  success: boolean;
  testResults: { name: string; message?: string; assertionResults: { fullName: string; status: string }[] }[];
}

function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), "accord-sabotage-"));
  const left = new Set(["node_modules", ".git", ".wrangler"].map((name) => join(root, name)));
  cpSync(root, copy, { recursive: true, preserveTimestamps: true, filter: (path) => !left.has(path) });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/**
 * Changes the files. Returns a function that restores them. Throws if a place does not exist exactly once, because the
 * code has changed.
 */
function plant(copy: string, { name, edits }: Mistake): () => void {
  const originals = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const path = join(copy, file);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const times = text.split(find).length - 1;
    if (times !== 1) throw new Error(`"${name}" does not fit any more: ${file} has ${times} times\n${find}`);
    if (!originals.has(path)) originals.set(path, text);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
  }
  return () => {
    for (const [path, text] of originals) writeFileSync(path, text);
  };
}

/**
 * Runs tests, until one fails if `bail` says so. Returns the names of those that failed. Throws if nothing could be
 * run.
 */
function failures(copy: string, tests: readonly string[], bail: boolean): string[] {
  const out = join(copy, report);
  rmSync(out, { force: true });
  const options = [
    "--bail",
    bail ? "1" : "0",
    "--silent",
    "--maxWorkers",
    "1",
    "--reporter",
    "json",
    "--outputFile",
    report,
  ];
  const all = tests.length === 0 ? ["--project=!fault-injection", "--project=!unlocked"] : [];
  const ran = spawnSync("vitest", ["run", ...all, ...options, ...tests], { cwd: copy, encoding: "utf8" });
  if (!existsSync(out)) throw new Error(`the tests did not run: ${ran.error ?? ran.stderr.slice(-2_000)}`);
  const { success, testResults }: Report = JSON.parse(readFileSync(out, "utf8"));
  const failed = testResults.flatMap(({ name, assertionResults, message }) => {
    const file = name.slice(copy.length + 1);
    const red = assertionResults.filter((one) => one.status === "failed").map((one) => `${file}: ${one.fullName}`);
    return red.length === 0 && message ? [`${file}: ${message.split("\n")[0]}`] : red;
  });
  return success || failed.length > 0 ? failed : ["a test that could not be named"];
}

let redAnyway: Set<string> | undefined;

/**
 * Runs the whole suite for a mistake that its own tests did not catch. Tests that also fail without any mistake do not
 * count.
 */
function caughtByTheRest(copy: string, mistake: Mistake): string | undefined {
  redAnyway ??= new Set(failures(copy, [], false));
  const undo = plant(copy, mistake);
  const red = failures(copy, [], false);
  undo();
  return red.find((name) => !redAnyway?.has(name));
}

const wanted = process.argv.slice(2);
const chosen = mistakes.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const copy = copyRepository();
process.on("exit", () => rmSync(copy, { recursive: true, force: true }));

const unfit: string[] = [];
for (const mistake of mistakes) {
  // Vitest fails if it finds no test, which must not count as a caught mistake.
  const missing = mistake.tests.filter((file) => !existsSync(join(copy, file)));
  if (missing.length > 0) unfit.push(`"${mistake.name}" names tests that are not there: ${missing}`);
  try {
    plant(copy, mistake)();
  } catch (error) {
    unfit.push(String(error));
  }
}
if (unfit.length > 0) {
  console.error(unfit.join("\n"));
  process.exit(1);
}

const version = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).stdout.trim();
console.log(`${chosen.length} mistakes, planted into a copy of ${version || "the working tree"}`);
const nameless = unknownNames(copy, chosen);
if (nameless.length > 0) {
  console.error(`These mention what does not exist, so that any test would catch them:\n${nameless.join("\n")}`);
  process.exit(1);
}
const fitting = [...new Set(chosen.flatMap(({ tests }) => tests))];
const broken = failures(copy, fitting, false);
if (broken.length > 0) {
  console.error(`These fail without any mistake:\n${broken.join("\n")}`);
  process.exit(1);
}

const escaped: Mistake[] = [];
for (const mistake of chosen) {
  const started = Date.now();
  const undo = plant(copy, mistake);
  const [first] = failures(copy, mistake.tests, true);
  undo();
  if (!first) escaped.push(mistake);
  tell(first ? "caught  " : "ESCAPED ", mistake.name, started, first);
}

// All other tests take long, so they are run when it is known which mistakes need them.
const survivors: string[] = [];
for (const mistake of escaped) {
  const started = Date.now();
  const first = caughtByTheRest(copy, mistake);
  if (!first) survivors.push(mistake.name);
  tell(first ? "caught  " : "SURVIVED", mistake.name, started, first);
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} caught`);
process.exit(survivors.length > 0 ? 1 : 0);

function tell(outcome: string, name: string, startedMs: number, caughtBy: string | undefined): void {
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  console.log(`${outcome} ${name} (${seconds} s)${caughtBy ? `\n         by ${caughtBy}` : ""}`);
}
