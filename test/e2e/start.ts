/**
 * `npm start` as a user would, on data of its own: it serves, tries nothing outside, starts quickly again on what it
 * has, runs the demo with its closing proofs, does by itself what is due, and stops without leaving a process behind.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { dueWorkRunsByItself } from "./due-work.ts";
import { startServer } from "./server.ts";

const firstMs = performance.now();
const server = await startServer({ command: ["npm", "start"] });
console.log(`npm start answers after ${seconds(firstMs)}`);

const status = await fetch(`${server.url}/api/v1/status`);
assert.equal(status.status, 200, "GET /api/v1/status");
const page = await fetch(server.url);
assert.equal(page.status, 200, "GET /");

// The programs that a newcomer is told to run.
for (const script of ["demo", "ledger:check", "reconcile", "doctor"]) run(script);

await dueWorkRunsByItself(server);

const outside = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|Failed to fetch|Unable to fetch|network error/i;
assert.doesNotMatch(server.output(), outside, "a look-up outside was tried");
assert.doesNotMatch(stripVTControlCharacters(server.output()), /\[ERROR\]|Uncaught/, "an error in the log");
assert.match(server.output(), /Accord sandbox ready/, "the welcome");
assert.doesNotMatch(server.output(), /"event":"sweep"|\[wrangler:info\]/, "ordinary work in the log");

await server.stop();
await assert.rejects(fetch(server.url), "the port is free again");
const againMs = performance.now();
await server.restart();
console.log(`npm start answers again after ${seconds(againMs)}`);
await server.remove();

function run(script: string): void {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", script], {
    encoding: "utf8",
    env: { ...process.env, BASE_URL: server.url },
  });
  console.log(stdout);
  assert.equal(status, 0, `npm run ${script}\n${stdout}\n${stderr}`);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
