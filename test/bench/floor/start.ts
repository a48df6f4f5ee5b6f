/** Serves the floor on PORT with its data in ACCORD_STATE, as `npm start` serves the sandbox. */
import { bundleWorker } from "../../../src/cli/bundle-worker.ts";
import { serveWorker } from "../../../src/cli/serve-worker.ts";
import { readWorkerFile } from "../../../src/cli/wrangler-file.ts";

const { PORT = "8788", ACCORD_STATE = "" } = process.env;
const file = readWorkerFile("test/bench/floor/wrangler.toml");
const { code } = await bundleWorker("test/bench/floor/worker.ts");
const onLine = (line: string) => console.log(line);
const server = await serveWorker({ file, code, port: Number(PORT), stateDir: ACCORD_STATE, onLine });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void server.dispose().finally(() => process.exit(0)));
}
