import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { tools } from "./install.ts";

/** What prism says in the header `sl-violations` of an answer. */
interface Violation {
  location: string[];
  severity: string;
  message: string;
}

/** Headers that belong to one connection, or to a body before it was read. */
const ofConnection = ["host", "connection", "keep-alive", "transfer-encoding", "content-encoding"];

/**
 * An address at which requests to the API pass through prism, and all others, to pages and controls of the sandbox, do
 * not. It notes what prism finds, and answers as the server does.
 */
export class Comparison {
  /** What differs from the description, and how often. */
  readonly differences = new Map<string, number>();
  /** How many requests were compared. */
  compared = 0;
  private readonly server: string;
  private readonly prism: Prism;
  private readonly front: Server;

  private constructor(server: string, prism: Prism) {
    this.server = server;
    this.prism = prism;
    this.front = createServer((request, response) => void this.pass(request, response));
  }

  static async begin(server: string, description: string): Promise<Comparison> {
    const comparison = new Comparison(server, await startPrism(server, description));
    await new Promise<void>((done) => comparison.front.listen(0, "127.0.0.1", done));
    return comparison;
  }

  get address(): string {
    return `http://localhost:${(this.front.address() as AddressInfo).port}`;
  }

  async end(): Promise<void> {
    this.prism.child.kill();
    this.front.closeAllConnections();
    await new Promise((done) => this.front.close(done));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = request;
    const isOfApi = /^\/api\/v1(?:[/?]|$)/.test(url);
    const body = await bytesOf(request);
    const answer = await fetch((isOfApi ? this.prism.address : this.server) + url, {
      method,
      headers: without(ofConnection, request.headers as Record<string, string>),
      redirect: "manual",
      ...(body.length > 0 ? { body } : {}),
    });
    if (isOfApi) this.note(`${method} ${url}, ${answer.status}`, answer.headers.get("sl-violations"));
    response.writeHead(answer.status, without([...ofConnection, "content-length"], Object.fromEntries(answer.headers)));
    response.end(await answer.bytes());
  }

  private note(exchange: string, violations: string | null): void {
    this.compared += 1;
    for (const { location, severity, message } of JSON.parse(violations ?? "[]") as Violation[]) {
      const difference = `${exchange}: ${severity} in ${location.join(".")}: ${message}`;
      this.differences.set(difference, (this.differences.get(difference) ?? 0) + 1);
    }
  }
}

interface Prism {
  child: ChildProcess;
  address: string;
}

/** Starts prism on a port that it is told to choose, and waits until it says which. */
async function startPrism(server: string, description: string): Promise<Prism> {
  const args = [join(tools, "node_modules/.bin/prism"), "proxy", description, server, "--port=0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill());
  const address = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += String(chunk);
      const [, found] = /listening on (http:\S+:\d+)/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error(`prism did not start.\n${printed.slice(-2_000)}`)));
  });
  return { child, address };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function without(names: readonly string[], headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
