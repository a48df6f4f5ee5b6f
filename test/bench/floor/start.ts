/** Serves the floor on PORT with its data in ACCORD_STATE, as `npm start` serves the sandbox. */
import { join } from "node:path";
import { startWrangler } from "../../../src/cli/wrangler.ts";

const { PORT = "8788", ACCORD_STATE = "" } = process.env;
const args = ["dev", "--config", "test/bench/floor/wrangler.toml", "--ip", "127.0.0.1", "--port", PORT];
args.push("--persist-to", ACCORD_STATE, "--inspector-port", "0", "--show-interactive-dev-session=false");
const env = { WRANGLER_REGISTRY_PATH: join(ACCORD_STATE, "registry"), WRANGLER_LOG_PATH: join(ACCORD_STATE, "logs") };
const server = startWrangler(args, env, { stdio: "inherit" });
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill("SIGINT"));
server.on("close", (code) => process.exit(code ?? 0));
