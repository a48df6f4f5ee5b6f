/**
 * Runs the demo and the checks of the books on a sandbox that is bundled and minified as a deployed Worker is, because
 * a bundler may break what the tests, which read the sources, do not see.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { applyMigrations } from "../../src/cli/apply-migrations.ts";
import { bundleWorker } from "../../src/cli/bundle-worker.ts";
import { openDatabases, serveWorker } from "../../src/cli/serve-worker.ts";
import { readWorkerFile } from "../../src/cli/wrangler-file.ts";
import "../../src/cli/build.ts";

const port = 8941;
const url = `http://localhost:${port}`;
const stateDir = mkdtempSync(join(tmpdir(), "accord-minified-"));
const file = readWorkerFile("wrangler.toml", "sandbox");
const { code } = await bundleWorker(file.main, { minify: true });
const lines: string[] = [];
const variables = { FRONTEND_URL: `${url}/sandbox` };
await applyMigrations(stateDir, () => openDatabases({ file, stateDir }));
const server = await serveWorker({ file, code, port, stateDir, variables, onLine: (line) => lines.push(line) });
try {
  const env = { ...process.env, BASE_URL: url };
  for (const program of ["demo", "ledger:check", "reconcile"]) {
    const { stdout } = await promisify(execFile)("npm", ["run", "-s", program], { env, maxBuffer: 2 ** 26 });
    console.log(stdout);
  }
} catch (error) {
  console.error(lines.filter((line) => !line.startsWith('{"level":"info"')).join("\n"));
  throw error;
} finally {
  await server.dispose();
}
rmSync(stateDir, { recursive: true });
