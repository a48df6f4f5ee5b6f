import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const readyWithinMs = 60_000;
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A sandbox of its own: port, data, process group. */
export interface SandboxServer {
  /** `http://localhost:<port>` */
  readonly url: string;
  readonly port: number;
  /** Returns the process group that runs at present. */
  group(): number;
  /** The folder of its databases, objects and logs, which survives `kill`. */
  readonly stateDir: string;
  /** Returns everything that it has printed since its last start. */
  output(): string;
  /** Sends SIGKILL to every process at once, like a power cut. Resolves when none is left. */
  kill(): Promise<void>;
  /** Starts again on the same data and port, after `kill` or `stop`. */
  restart(): Promise<void>;
  /** Ends it regularly. The data stays. */
  stop(): Promise<void>;
  /**
   * Ends it, if it still runs, and removes its data if it made the folder itself. After a failure the data is kept as
   * evidence.
   */
  remove(): Promise<void>;
}

interface Options {
  port?: number;
  stateDir?: string;
  /** The command to run; by default what `npm start -- --verbose` runs once everything is installed. */
  command?: [program: string, ...args: string[]];
  /** The checkout in which it runs; by default this one. */
  cwd?: string;
}

/** Starts a sandbox and resolves when it answers. Rejects with its output if it does not. */
export async function startServer(options: Options = {}): Promise<SandboxServer> {
  const command = options.command ?? [process.execPath, "src/cli/start.ts", "--verbose"];
  const port = options.port ?? (await freePort());
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), "accord-"));
  const url = `http://localhost:${port}`;
  const place = { port, stateDir, cwd: options.cwd ?? root };
  let running = await launch(command, place);

  const stop = () => end(running, "SIGTERM");
  return {
    url,
    port,
    stateDir,
    group: () => running.group,
    output: () => running.output.join(""),
    kill: () => end(running, "SIGKILL"),
    restart: async () => {
      running = await launch(command, place);
    },
    stop,
    remove: async () => {
      await stop();
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

interface Running {
  child: ChildProcess;
  group: number;
  output: string[];
  closed: Promise<void>;
}

type Place = Required<Pick<Options, "port" | "stateDir" | "cwd">>;

async function launch([program, ...args]: [string, ...string[]], { port, stateDir, cwd }: Place): Promise<Running> {
  const child = spawn(program, args, {
    cwd,
    detached: true, // a process group of its own, so that one signal reaches the program and its runtime
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PORT: String(port), ACCORD_STATE: stateDir },
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const closed = new Promise<void>((done) => child.once("close", () => done()));
  const running = { child, group: child.pid ?? 0, output, closed };
  killWithUs(running);
  try {
    await ready(running, port);
  } catch (error) {
    await end(running, "SIGKILL");
    throw error;
  }
  return running;
}

async function ready(running: Running, port: number): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    if (running.child.exitCode !== null) break;
    if (portBelongsTo(running.group, port) && (await answers(port))) return;
    await pause(25);
  }
  throw new Error(`The sandbox did not come up on port ${port}.\n${running.output.join("")}`);
}

/**
 * Tells whether the port belongs to the process group: another process on it would answer, too, and be tested instead.
 */
function portBelongsTo(group: number, port: number): boolean {
  if (!existsSync("/proc/net/tcp")) return true; // not Linux: start.ts has refused a taken port already
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const listening = "0A";
  const inodes = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hexPort}`) && state === listening)
    .map((fields) => `socket:[${fields[9]}]`);
  return inodes.length > 0 && membersOf(group).some((pid) => socketsOf(pid).some((socket) => inodes.includes(socket)));
}

function membersOf(group: number): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      // The name, in parentheses, may hold spaces; state, parent and group follow it.
      const [state, , pgrp] = readOr(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
      return Number(pgrp) === group && state !== "Z";
    });
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return []; // closed meanwhile
      }
    });
  } catch {
    return []; // gone meanwhile
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function end(running: Running, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const patience = setTimeout(() => send(running.group, "SIGKILL"), 10_000);
  send(signal === "SIGKILL" ? running.group : running.child, signal);
  await running.closed;
  while (alive(running.group)) await pause(10);
  clearTimeout(patience);
}

function send(to: number | ChildProcess, signal: NodeJS.Signals): void {
  if (typeof to !== "number") return void to.kill(signal);
  try {
    process.kill(-to, signal);
  } catch {
    // the whole group is gone
  }
}

function alive(group: number): boolean {
  if (existsSync("/proc/net/tcp")) return membersOf(group).length > 0;
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills the server when a test crashes or is told to stop. */
function killWithUs(running: Running): void {
  const kill = () => send(running.group, "SIGKILL");
  const leave = () => process.exit(1); // a signal alone would end us without the exit event
  process.once("exit", kill);
  for (const signal of stopSignals) process.once(signal, leave);
  void running.closed.then(() => {
    process.off("exit", kill);
    for (const signal of stopSignals) process.off(signal, leave);
  });
}

async function answers(port: number): Promise<boolean> {
  // A machine that is busy may accept a request long before it answers.
  return fetch(`http://127.0.0.1:${port}/api/v1/status`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.status < 500,
    () => false,
  );
}

async function freePort(): Promise<number> {
  return await new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? done(address.port) : fail(new Error("no port"))));
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
