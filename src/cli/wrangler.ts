import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { resolve } from "node:path";

/** The root of the repository: every command runs there, wherever it was called from. */
export const root = resolve(import.meta.dirname, "../..");

const program = resolve(root, "node_modules/wrangler/bin/wrangler.js");

/** Without these, wrangler looks for news, for a certificate of the country and for somebody to report to. */
const offline = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** Starts wrangler with `args` and leaves it running. */
export function startWrangler(args: string[], env: NodeJS.ProcessEnv, options: SpawnOptions): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    cwd: root,
    ...options,
    env: { ...process.env, ...offline, ...env },
  });
}

export interface Ran {
  code: number;
  /** Everything it said, results and complaints, in order. */
  output: string;
  /** Its results alone. */
  printed: string;
}

/** Runs wrangler to its end, with `env` beside the shell's; `echo` also shows what it says as it comes. */
export async function runWrangler(args: string[], echo = false, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = startWrangler(args, env, { stdio: [echo ? "inherit" : "ignore", "pipe", "pipe"] });
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
