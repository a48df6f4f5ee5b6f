import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request that arrived. */
export interface Arrival {
  /** The part of the path after the slash, which names the receiver. */
  name: string;
  atMs: number;
  headers: Record<string, string>;
  body: string;
  event: { id: string; type: string; resource: string; sequence: number };
}

/** A receiver as an integrator would run it: a server of its own, which can stop and return on its port. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  /** The names that are never answered. */
  readonly hanging = new Set<string>();
  /** The number of requests for each name. */
  readonly hits = new Map<string, number>();
  private server: Server | undefined;
  private port = 0;

  url(name: string): string {
    return `http://127.0.0.1:${this.port}/${name}`;
  }

  /** Listens, on the last port if there was one. */
  async up(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen(this.port, "127.0.0.1", done);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  /** Refuses connections, and drops open ones. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  }

  of(name: string): Arrival[] {
    return this.arrivals.filter((arrival) => arrival.name === name);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = (request.url ?? "/").slice(1);
    this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (this.hanging.has(name)) return;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
    this.arrivals.push({ name, atMs: Date.now(), headers, body, event: JSON.parse(body) });
    response.writeHead(204).end();
  }
}
