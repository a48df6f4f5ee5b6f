/**
 * Tests `npm start` as a user would, on data of its own: it serves, contacts nothing outside, starts quickly again on
 * its data, runs the demo with its closing checks, does due work by itself, and stops without leaving a process behind.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify, stripVTControlCharacters } from "node:util";
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
for (const script of ["demo", "ledger:check", "reconcile", "doctor"]) await run(script);

await dueWorkRunsByItself(server);

const outside = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|Failed to fetch|Unable to fetch|network error/i;
assert.doesNotMatch(server.output(), outside, "a look-up outside was tried");
assert.doesNotMatch(stripVTControlCharacters(server.output()), /\[ERROR\]|Uncaught/, "an error in the log");
assert.doesNotMatch(server.output(), /"level":"error"/, "an error of the Worker, from its first request on");
assert.match(server.output(), /Accord sandbox ready/, "the welcome");
assert.doesNotMatch(server.output(), /"event":"sweep"/, "ordinary work in the log");

await server.stop();
await assert.rejects(fetch(server.url), "the port is free again");
const againMs = performance.now();
await server.restart();
console.log(`npm start answers again after ${seconds(againMs)}`);
await server.remove();

/** Rejects with what the program said when it fails. Waits without blocking, so that closed connections are noticed. */
async function run(script: string): Promise<void> {
  const env = { ...process.env, BASE_URL: server.url };
  const { stdout } = await promisify(execFile)("npm", ["run", "-s", script], { env, maxBuffer: 2 ** 26 });
  console.log(stdout);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
