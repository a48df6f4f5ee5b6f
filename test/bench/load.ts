import { Agent, request } from "node:http";

/** One request to send. */
export interface Shot {
  method: "GET" | "POST";
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Any other status ends the run: a fast refusal is no result. */
  expected: number;
}

/** The result of a volley. */
export interface Load {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Plain node:http with connections kept alive, because the client runs on the machine that it measures. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Sends every shot, at most `concurrency` at a time; shots may be generated while they are sent. Throws if an answer
 * has another status than expected.
 */
export async function fire(shots: Iterable<Shot>, concurrency: number): Promise<Load & { bodies: string[] }> {
  const waiting = shots[Symbol.iterator]();
  const bodies: string[] = [];
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  let count = 0;
  const work = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const shot = next.value;
      const position = count;
      count += 1;
      const sentMs = performance.now();
      bodies[position] = await send(shot);
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - startedMs) / 1000;
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? 0;
  return { perSecond: count / seconds, p50Ms: at(0.5), p99Ms: at(0.99), bodies };
}

/** Closes the connections. */
export function cease(): void {
  agent.destroy();
}

function send(shot: Shot): Promise<string> {
  const { method, url, headers, body, expected } = shot;
  return new Promise((done, fail) => {
    const sent = request(url, { method, agent, headers: { ...headers, ...lengthOf(body) } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === expected) done(text);
        else fail(new Error(`${method} ${url}: ${response.statusCode} instead of ${expected}: ${text}`));
      });
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      // The server may close an idle connection just as it is used again: then the request never arrived.
      if (sent.reusedSocket && error.code === "ECONNRESET") send(shot).then(done, fail);
      else fail(error);
    });
    sent.end(body);
  });
}

function lengthOf(body: string | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(body)) };
}
