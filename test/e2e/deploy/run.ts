import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CloudflareStandIn } from "./stand-in.ts";

const root = resolve(import.meta.dirname, "../../..");

export interface Deployment {
  code: number;
  /** Its whole output. */
  said: string;
}

export interface Options {
  /** The settings file; null for none. */
  settings?: string | null;
  args?: string[];
  /** Variables of the shell; undefined removes one. */
  shell?: Record<string, string | undefined>;
}

/** Correct settings. */
export const goodSettings = `STRIPE_SECRET_KEY=sk_test_of_the_file\nADMIN_TOKENS=anna:${"1f0a2b3c".repeat(8)}\n`;

/**
 * Runs `npm run deploy` with the real wrangler against the stand-in, with settings and a login of its own. Checks that
 * no file with secrets is left behind.
 */
export async function deploy(cloudflare: CloudflareStandIn, options: Options = {}): Promise<Deployment> {
  const { settings = goodSettings, args = [], shell = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), "deploy-"));
  if (settings !== null) writeFileSync(join(folder, "production.vars"), settings);
  const env = {
    ...process.env,
    CLOUDFLARE_API_BASE_URL: cloudflare.origin,
    CLOUDFLARE_API_TOKEN: "token-of-the-stand-in",
    CLOUDFLARE_ACCOUNT_ID: "a".repeat(32),
    ACCORD_SETTINGS: join(folder, "production.vars"),
    XDG_CONFIG_HOME: folder,
    TMPDIR: folder,
    ...shell,
  };
  const child = spawn("npm", ["run", "-s", "deploy", "--", ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? 1)));
  const left = readdirSync(folder).filter((name) => /^accord-/.test(name));
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(left, [], `a temporary file was left behind\n${said}`);
  assert.deepEqual(cloudflare.unknown, [], `the stand-in lacks an answer\n${said}`);
  return { code, said };
}
