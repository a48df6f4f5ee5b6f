/**
 * `npm run test:guides`: runs every `sh` block of the README and the guides, page after page, each page in a fresh
 * sandbox. The `text` block that follows one is what it must print, except for ids, times and tokens.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { startServer } from "./server.ts";

interface Block {
  line: number;
  commands: string;
  /** The text that it must print; undefined when the page does not say. */
  expected: string | undefined;
}

/** Pages whose commands need accounts at Cloudflare and Stripe. */
const ofDeployments = ["deploy.md", "first-hours.md", "operate.md"];
const endOfBlock = "--- end of block ---";

const server = await startServer();
try {
  const guides = readdirSync("src/guides").filter((name) => !ofDeployments.includes(name));
  for (const page of ["README.md", ...guides.map((name) => `src/guides/${name}`)]) await follow(page);
} finally {
  await server.remove();
}

/** Runs the blocks of one page in one shell, as a reader pastes them, and compares what each has printed. */
async function follow(page: string): Promise<void> {
  const blocks = blocksOf(readFileSync(page, "utf8"));
  if (blocks.length === 0) return;
  const reset = await fetch(`${server.url}/sandbox/control/reset`, { method: "POST" });
  assert.equal(reset.status, 200, "the sandbox starts afresh");
  const script = blocks.map(({ commands }) => `${commands}\necho "${endOfBlock}"`).join("\n");
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", script], {
    env: { ...process.env, BASE: server.url },
  });
  assert.equal(stderr, "", `${page}: the shell complains`);
  const printed = stdout.split(`${endOfBlock}\n`);
  for (const [index, { line, expected }] of blocks.entries()) {
    const actual = printed[index] ?? "";
    if (expected === undefined) continue;
    assert.match(lasting(actual), patternOf(expected), `${page}:${line} printed\n${actual}\ninstead of\n${expected}`);
  }
  console.log(`ok    ${page}: ${blocks.length} blocks`);
}

function blocksOf(markdown: string): Block[] {
  const found = markdown.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms);
  return [...found].map(({ 1: commands = "", 2: expected, index }) => ({
    line: markdown.slice(0, index).split("\n").length,
    commands,
    expected,
  }));
}

/** Makes the pattern of the expected text. A line that begins with … stands for any number of lines. */
function patternOf(expected: string): RegExp {
  const lines = lasting(expected)
    .split("\n")
    .map((line) => (line.startsWith("…") ? "[^]*?" : line.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&")));
  return new RegExp(`^${lines.join("\n")}$`);
}

/** Replaces the parts of a text that differ from run to run: ids, tokens, times, and the sandbox's port. */
function lasting(text: string): string {
  return text
    .replaceAll(server.url, "http://localhost:8787")
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?/g, "<time>")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replace(/\b([a-z]+_)(?=[^"\s]*[A-Z0-9])[\w+/=-]{14,}/g, "$1<id>")
    .replace(/\b([a-z]+_)…/g, "$1<id>") // a secret that a page does not print whole
    .replace(/\b1[789]\d{8}\b/g, "<run>")
    .replace(/\+421905\d{6}/g, "<phone>")
    .trimEnd();
}
