import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** The root of the repository, in which every command runs, wherever it was called from. */
export const root = resolve(import.meta.dirname, "../..");

const program = resolve(root, "node_modules/wrangler/bin/wrangler.js");

/** Keeps wrangler off the network: it would ask for updates, fetch sample data for `request.cf` and send reports. */
const offline = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** The end of a run of wrangler. */
export interface Ran {
  /** The exit code; 1 if a signal ended it. */
  code: number;
  /** All that it wrote, to standard output and standard error, in order. */
  output: string;
  /** The text on standard output only. */
  printed: string;
}

/** Runs wrangler to its end, with `env` added to the shell's; `echo` also shows its output as it comes. */
export async function runWrangler(args: string[], echo = false, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: [echo ? "inherit" : "ignore", "pipe", "pipe"],
    env: { ...process.env, ...offline, ...env },
  });
  const chunks: Buffer[] = [];
  const results: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => results.push(chunk));
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream?.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (echo) out.write(chunk);
    });
  }
  const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? 1)));
  return { code, output: Buffer.concat(chunks).toString(), printed: Buffer.concat(results).toString() };
}
