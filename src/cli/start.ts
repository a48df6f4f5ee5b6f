/**
 * `npm start`: runs the sandbox on this machine, without set-up and without network. PORT (default 8787) and
 * ACCORD_STATE (default .wrangler/state) allow several side by side; GROUP_COMMIT and GROUP_COMMIT_CALM_MS replace the
 * settings of these names. After the welcome it prints warnings and errors; with --verbose it prints every line. With
 * --minified it serves the Worker in the form that is deployed.
 */
import { createServer } from "node:net";
import { relative, resolve } from "node:path";
import { applyMigrations } from "./apply-migrations.ts";
import { bundleWorker } from "./bundle-worker.ts";
import { openDatabases, serveWorker } from "./serve-worker.ts";
import { root } from "./wrangler.ts";
import { readWorkerFile } from "./wrangler-file.ts";

const port = Number(process.env.PORT ?? 8787);
const stateDir = resolve(root, process.env.ACCORD_STATE ?? ".wrangler/state");
const url = `http://localhost:${port}`;
const startedAtMs = Date.now();
const minify = process.argv.includes("--minified");
const isVerbose = process.argv.includes("--verbose");

try {
  await refuseTakenPort();
  console.log("Starting the sandbox.");
  const file = readWorkerFile("wrangler.toml", "sandbox");
  const [{ code }] = await Promise.all([bundleWorker(file.main, { minify }), import("./build.ts")]);
  const { GROUP_COMMIT = "off", GROUP_COMMIT_CALM_MS = "20" } = process.env;
  const variables = { FRONTEND_URL: `${url}/sandbox`, GROUP_COMMIT, GROUP_COMMIT_CALM_MS };
  await applyMigrations(stateDir, () => openDatabases({ file, stateDir }));
  stopWith(await serveWorker({ file, code, port, stateDir, variables, onLine }));
  process.stdout.write(welcome());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function refuseTakenPort(): Promise<void> {
  await new Promise<void>((done, fail) => {
    const probe = createServer();
    probe.once("error", () => fail(new Error(`Port ${port} is taken. Try another one: PORT=${port + 1} npm start`)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done()));
  });
}

/** Prints a line of the Worker's log, unless it tells of ordinary work. */
function onLine(line: string): void {
  if (isVerbose || !line.startsWith('{"level":"info"')) console.log(line);
}

/** Stops regularly when it is asked to, so that no process stays behind. */
function stopWith(server: { dispose: () => Promise<void> }): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void server.dispose().finally(() => process.exit(0)));
  }
}

function welcome(): string {
  return `
Accord sandbox ready in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s

  ${url}/                          tell three journeys, break Stripe, see the books hold
  ${url}/console                   where the money is, what is stuck, and why
  ${url}/api/v1/openapi.json       the API
  npm run demo                                    a whole journey, in a second terminal${port === 8787 ? "" : ` (BASE_URL=${url})`}
  npm run ledger:check                            does every cent add up?

Operator token: admin_sandbox. Data: ${shortest(stateDir)} (delete it to start afresh).
From here on: warnings and errors${isVerbose ? ", and everything else" : ". npm start -- --verbose prints every line"}. Ctrl-C stops.

`;
}

function shortest(path: string): string {
  const fromRoot = relative(root, path);
  return fromRoot.startsWith("..") ? path : fromRoot;
}
