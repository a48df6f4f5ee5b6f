/**
 * Runs the demo, with its closing checks, on the sandbox in the form in which the Worker is deployed: without the
 * methods that nothing calls, and minified.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startServer } from "./server.ts";

const server = await startServer({ command: ["npm", "start", "--", "--minified"] });
const env = { ...process.env, BASE_URL: server.url };
for (const program of ["demo", "ledger:check", "reconcile"]) {
  const { stdout } = await promisify(execFile)("npm", ["run", "-s", program], { env, maxBuffer: 2 ** 26 });
  console.log(stdout);
}
await server.remove();
