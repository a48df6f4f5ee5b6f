/**
 * Serves the sandbox as a deployment is, on PORT with its data in ACCORD_STATE. `--group-commit=transfers` is the
 * setting of this name; with `--write-ms=5` D1 takes so long for a batch that writes.
 */
import { parseArgs } from "node:util";
import { applyMigrations } from "../../../src/cli/apply-migrations.ts";
import { bundleWorker } from "../../../src/cli/bundle-worker.ts";
import { openDatabases, serveWorker } from "../../../src/cli/serve-worker.ts";
import { readWorkerFile } from "../../../src/cli/wrangler-file.ts";

const { values } = parseArgs({
  options: { "group-commit": { type: "string", default: "off" }, "write-ms": { type: "string", default: "0" } },
});
const { PORT = "8789", ACCORD_STATE = "" } = process.env;
const file = readWorkerFile("wrangler.toml", "sandbox");
delete file.assets; // Cloudflare serves them before the Worker, Miniflare in three Workers on the same thread
file.durable_objects?.bindings.push({ name: "SLOW", class_name: "SlowDatabase" });
const { code } = await bundleWorker("test/bench/as-deployed/worker.ts");
await applyMigrations(ACCORD_STATE, () => openDatabases({ file, stateDir: ACCORD_STATE }));
const server = await serveWorker({
  file,
  code,
  port: Number(PORT),
  stateDir: ACCORD_STATE,
  variables: {
    FRONTEND_URL: `http://localhost:${PORT}/sandbox`,
    GROUP_COMMIT: values["group-commit"],
    WRITE_MS: Number(values["write-ms"]),
  },
  onLine: (line, level) => {
    if (level === "error" || level === "warn") console.log(line);
  },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void server.dispose().finally(() => process.exit(0)));
}
