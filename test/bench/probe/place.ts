import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleWorker } from "../../../src/cli/bundle-worker.ts";
import { connect } from "../../../src/cli/deploy/account.ts";
import { serveWorker } from "../../../src/cli/serve-worker.ts";
import { runWrangler } from "../../../src/cli/wrangler.ts";
import { readWorkerFile, type WorkerFile } from "../../../src/cli/wrangler-file.ts";

/** A throw-away Worker with a throw-away database. */
export interface Place {
  url: string;
  token: string;
  remove: () => Promise<void>;
}

const name = `accord-probe-${crypto.randomUUID().slice(0, 8)}`;
const token = crypto.randomUUID();

/** The settings that Accord's parts ask for. Bindings that this Worker never uses are texts. */
function variables(): Record<string, string> {
  const unused = ["SEQUENCER", "DISPATCHER", "LIMITER", "COMMITTER", "WORK", "DELIVERIES", "ASSETS"];
  const shields = ["SHIELD", "SECRETS", "TOKEN_REQUESTS", "APPLICATION_REQUESTS"];
  return {
    ...Object.fromEntries([...unused, ...shields].map((binding) => [binding, "unused"])),
    PROBE_TOKEN: token,
    STRIPE_SECRET_KEY: `sk_test_${token}`,
    WEBHOOK_SEALING_KEYS: `probe:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`,
  };
}

/** Makes a database and a Worker in the account that wrangler knows. Throws Refused, saying what to do, without one. */
export async function cloudflarePlace(): Promise<Place> {
  const cloudflare = await connect(undefined);
  const { placement, vars, compatibility_date } = readWorkerFile() as WorkerFile & { placement?: object };
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const config = join(folder, "wrangler.json");
  const wrangler = async (...args: string[]) => {
    const { code, output } = await runWrangler([...args, "--config", config], false, {
      CLOUDFLARE_ACCOUNT_ID: cloudflare.accountId,
    });
    if (code !== 0) throw new Error(`wrangler ${args[0]}: ${output}`);
    return output;
  };
  const hint = vars?.LOCATION_HINT;
  const { uuid } = await cloudflare.ask<{ uuid: string }>("/d1/database", { name, primary_location_hint: hint });
  console.log(`database ${name} in ${hint}`);
  const remove = async () => {
    const ends = [() => wrangler("delete", "--force"), () => wrangler("d1", "delete", name, "--skip-confirmation")];
    for (const end of ends) await end().catch((error) => console.error(`Delete ${name} yourself: ${error.message}`));
    rmSync(folder, { recursive: true });
  };
  try {
    const { code } = await bundleWorker("test/bench/probe/worker.ts", { minify: true });
    writeFileSync(join(folder, "index.js"), code);
    const binding = { binding: "DB", database_name: name, database_id: uuid };
    const common = { name, main: "index.js", no_bundle: true, compatibility_date, workers_dev: true };
    writeFileSync(config, JSON.stringify({ ...common, placement, vars: variables(), d1_databases: [binding] }));
    const said = await wrangler("deploy");
    const [url] = /https:\/\/\S+\.workers\.dev/.exec(said) ?? [];
    if (!url) throw new Error(`The Worker has no address on workers.dev: ${said}`);
    return { url, token, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Serves the same Worker on this machine, which tries the program and nothing else. */
export async function localPlace(): Promise<Place> {
  const { code } = await bundleWorker("test/bench/probe/worker.ts");
  const stateDir = mkdtempSync(join(tmpdir(), `${name}-`));
  const { compatibility_date } = readWorkerFile();
  const file: WorkerFile = {
    name,
    main: "",
    compatibility_date,
    vars: variables(),
    d1_databases: [{ binding: "DB" }],
  };
  const server = await serveWorker({ file, code, port: 0, stateDir, onLine: () => undefined });
  return {
    url: (await server.ready).origin,
    token,
    async remove() {
      await server.dispose();
      rmSync(stateDir, { recursive: true });
    },
  };
}
