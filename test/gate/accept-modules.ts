/**
 * Lists the modules of src whose functions run while one offer is accepted, from the client's request until the expert
 * is paid: what somebody must open who wants to follow it. Run by hand: `npm exec -- node test/gate/accept-modules.ts`.
 * Counted apart are modules that other requests run as well: a payment of the payments contract, a read of the offers
 * contract, an event for a webhook endpoint. The sandbox is bundled with a mark at the beginning of every function, and
 * a path of its own reads the marks.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { build, transform } from "esbuild";
import { parseAst } from "vitest/node";
import { applyMigrations } from "../../src/cli/apply-migrations.ts";
import { openDatabases, serveWorker } from "../../src/cli/serve-worker.ts";
import { root } from "../../src/cli/wrangler.ts";
import { readWorkerFile } from "../../src/cli/wrangler-file.ts";
import { Journey } from "../journey.ts";
import { Shop } from "../shop.ts";

const port = 8931;
const url = `http://localhost:${port}`;
const patienceMs = 60_000;
/** Work that follows an answer: rows and messages written after the last call to Stripe. */
const afterworkMs = 1_000;

const state = mkdtempSync(join(tmpdir(), "accord-modules-"));
const file = readWorkerFile("wrangler.toml", "sandbox");
await applyMigrations(state, () => openDatabases({ file, stateDir: state }));
const server = await serveWorker({
  file,
  code: await bundleMarked(),
  port,
  stateDir: state,
  variables: { SANDBOX_TICK: "off", FRONTEND_URL: `${url}/sandbox` },
  onLine: () => undefined,
});
try {
  const journey = new Journey((request) => fetch(request), url);
  const shop = await Shop.open(journey);
  const transaction = await shop.started();
  const { token } = await journey.registerClient();
  const endpoint = await openEndpoint(journey);
  const elsewhere = await modulesOf(async () => {
    await shop.confirm(transaction);
    await journey.must(200, "GET", "/me", { token });
    await endpoint.test();
  });
  await endpoint.remove();

  const offer = await journey.offerOnTable();
  await journey.advance(0); // Stripe has told that the expert's account is ready
  await journey.events("drop"); // what Stripe's events cause is not part of the client's request
  const session = await journey.checkout(offer);
  await journey.pay(session);
  const all = await modulesOf(async () => {
    const { status } = await journey.accept(session);
    if (status !== 204) throw new Error(`accept: ${status}`);
    const transfers = `/transfers?transfer_group=${session.testimonyId}`;
    await until(async () => (await journey.stripe(transfers)).data.length > 0);
  });

  const isShared = (path: string) => elsewhere.includes(path);
  print("modules that other requests run, too", all.filter(isShared));
  print(
    "modules of an acceptance alone",
    all.filter((path) => !isShared(path)),
  );
} finally {
  await server.dispose();
  rmSync(state, { recursive: true, force: true });
}

function print(title: string, paths: readonly string[]): void {
  console.log(`\n${paths.length} ${title}`);
  for (const path of paths) console.log(`  ${path}`);
}

/** Opens an endpoint of the operator, which can be sent a test event. */
async function openEndpoint(journey: Journey) {
  const token = "admin_sandbox";
  const body = { url: `${url}/sandbox/inbox/accept-modules`, events: ["*"] };
  const path = `/webhook-endpoints/${(await journey.must(201, "POST", "/webhook-endpoints", { token, body })).body.data.id}`;
  return {
    test: () => journey.must(202, "POST", `${path}/test`, { token }),
    remove: () => journey.must(204, "DELETE", path, { token }),
  };
}

/** Returns the modules whose functions run during `work` and shortly after it. */
async function modulesOf(work: () => Promise<unknown>): Promise<string[]> {
  await pause(afterworkMs); // what came before has ended
  await fetch(`${url}/marks`);
  await work();
  await pause(afterworkMs);
  const paths: string[] = await (await fetch(`${url}/marks`)).json();
  return paths.sort();
}

/** Bundles the sandbox so that each function of src marks its module when it is called. GET /marks takes the marks. */
async function bundleMarked(): Promise<string> {
  const contents = `
    import sandbox from "./src/sandbox/index";
    export * from "./src/sandbox/index";
    globalThis.marks = new Set();
    export default {
      ...sandbox,
      fetch(request, env, ctx) {
        if (!request.url.endsWith("/marks")) return sandbox.fetch(request, env, ctx);
        const marks = [...globalThis.marks];
        globalThis.marks.clear();
        return Response.json(marks);
      },
    };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    write: false,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    logLevel: "error",
    plugins: [
      {
        name: "marks",
        setup({ onLoad }) {
          onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
            if (path.startsWith(join(root, "src/sandbox/"))) return undefined;
            const { code } = await transform(readFileSync(path, "utf8"), { loader: "ts", format: "esm" });
            return { contents: marked(code, relative(root, path)), loader: "js" };
          });
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

/** Adds to every function of a module the expression that marks the module. */
function marked(code: string, path: string): string {
  const mark = `globalThis.marks?.add(${JSON.stringify(path)})`;
  const insertions = bodiesIn(parseAst(code)).flatMap(({ type, start, end }) =>
    type === "BlockStatement"
      ? [{ at: start + 1, text: `${mark};` }]
      : [
          { at: start, text: `(${mark}, ` },
          { at: end, text: ")" },
        ],
  );
  insertions.sort((one, other) => one.at - other.at);
  const pieces = insertions.map(({ at, text }, number) => code.slice(insertions[number - 1]?.at ?? 0, at) + text);
  return pieces.join("") + code.slice(insertions.at(-1)?.at ?? 0);
}

interface Body {
  type: string;
  start: number;
  end: number;
}

/** Returns the bodies of all functions below a node of a syntax tree. */
function bodiesIn(node: unknown): Body[] {
  if (typeof node !== "object" || node === null) return [];
  const { type, body } = node as { type?: unknown; body?: Body };
  const own = typeof type === "string" && /Function/.test(type) && body ? [body] : [];
  return [...own, ...Object.values(node).flatMap(bodiesIn)];
}

/** Waits until something is so. Rejects if it is not within a minute. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const sinceMs = Date.now();
  while (!(await isSo().catch(() => false))) {
    if (Date.now() - sinceMs > patienceMs) throw new Error("waited in vain for a minute");
    await pause(100);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
