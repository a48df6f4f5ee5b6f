/**
 * `npm run test:prism`: runs the demo and the Postman collection through prism, which compares each request and each
 * answer with the API's description. Whatever differs, on either side, is a failure; its warnings count.
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { runWholeApi } from "../e2e/postman/run.ts";
import { startServer } from "../e2e/server.ts";
import { Comparison } from "./compare.ts";

const root = resolve(import.meta.dirname, "../..");

const server = await startServer();
const comparison = await Comparison.begin(server.url, resolve(root, "dist/assets/openapi.json"));
await demo(comparison.address);
const ofDemo = comparison.compared;
console.log(`the demo: ${ofDemo} requests`);
await runWholeApi(server.url, comparison.address);
const ofCollection = comparison.compared - ofDemo;
await comparison.end();
await server.remove();

for (const [difference, times] of comparison.differences) console.log(`      ${times} × ${difference}`);
const isClean = comparison.differences.size === 0 && ofDemo > 50 && ofCollection > 100;
console.log(`${isClean ? "ok  " : "FAIL"}  prism: ${comparison.compared} requests and their answers`);
process.exit(isClean ? 0 : 1);

/** Runs the demo against `address`. Rejects with the end of what it printed if it fails. */
async function demo(address: string): Promise<void> {
  const child = spawn(process.execPath, ["test/e2e/demo.ts"], {
    cwd: root,
    env: { ...process.env, BASE_URL: address },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`The demo failed.\n${output.join("").slice(-4_000)}`);
}
