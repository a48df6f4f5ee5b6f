/**
 * `npm start`: runs the sandbox on this machine, without set-up and without network. PORT (default 8787) and
 * ACCORD_STATE (default .wrangler/state) allow several side by side. After the welcome it prints warnings and errors;
 * with --verbose it prints every line.
 */
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { applyMigrations } from "./apply-migrations.ts";
import { root, startWrangler } from "./wrangler.ts";

const port = Number(process.env.PORT ?? 8787);
const stateDir = resolve(root, process.env.ACCORD_STATE ?? ".wrangler/state");
const url = `http://localhost:${port}`;
const startedAtMs = Date.now();
const isVerbose = process.argv.includes("--verbose");

/**
 * Matches lines about ordinary work: the Worker's log at level info, and wrangler's lines about requests and batches.
 */
const routine = /^(\{"level":"info"|\[wrangler:info\])/;

/** Finds the error after which wrangler keeps running and does not answer; its output is shown then. */
const trouble = /\[ERROR\]|\[wrangler:error\]/;

/** The output is also shown when nothing answers for this long. */
const patienceMs = 60_000;

try {
  await refuseTakenPort();
  console.log("Starting the sandbox. The first time this takes ten seconds or more.");
  await applyMigrations(stateDir);
  const server = startServer();
  // Before stopWith, so that the output it holds back is printed before the end of the server ends this program.
  const announced = announceWhenReady(server);
  stopWith(server);
  await announced;
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

function startServer(): ChildProcess {
  const args = ["dev", "--env", "sandbox", "--ip", "127.0.0.1", "--port", String(port), "--persist-to", stateDir];
  args.push("--inspector-port", "0", "--show-interactive-dev-session=false");
  args.push("--var", `FRONTEND_URL:${url}/sandbox`);
  // Service bindings find their worker through a registry of running ones. A registry of its own separates two
  // sandboxes.
  const env = { WRANGLER_REGISTRY_PATH: join(stateDir, "registry"), WRANGLER_LOG_PATH: join(stateDir, "logs") };
  return startWrangler(args, env, { stdio: ["ignore", "pipe", "pipe"] });
}

/** Passes requests to stop on to wrangler. Ctrl-C reaches the whole process group by itself. */
function stopWith(server: ChildProcess): void {
  let asked = false;
  process.on("SIGINT", () => {
    asked = true;
  });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      asked = true;
      server.kill("SIGINT");
    });
  }
  server.on("close", (code) => process.exit(asked ? 0 : (code ?? 1)));
}

/** Holds wrangler's start-up output back unless it is needed, then lets through what is not routine. */
async function announceWhenReady(server: ChildProcess): Promise<void> {
  const held: string[] = [];
  const hold = (line: string): unknown => held.push(line);
  let print = hold;
  const release = () => {
    for (const line of held.splice(0)) console.log(line);
    print = console.log;
  };
  for (const input of [server.stdout, server.stderr]) {
    if (!input) continue;
    createInterface({ input }).on("line", (line) => {
      print(line);
      if (print === hold && trouble.test(stripVTControlCharacters(line))) release();
    });
  }
  server.on("close", release);
  const impatience = setTimeout(release, patienceMs);
  while (!(await answers())) await new Promise((done) => setTimeout(done, 50));
  clearTimeout(impatience);
  print = isVerbose ? console.log : (line) => routine.test(line) || console.log(line);
  process.stdout.write(welcome());
}

async function answers(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/api/v1/status`).then(
    (response) => response.status < 500,
    () => false,
  );
}

function welcome(): string {
  return `
Accord sandbox ready in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s

  ${url}/                          what is running, what to try first
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
