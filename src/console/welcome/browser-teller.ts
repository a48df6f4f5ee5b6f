import { alertOf } from "../journeys/check";
import type { PageAnswer, Teller } from "../journeys/journey";

/** A request that a step has sent, and its answer. */
export interface Exchange {
  method: string;
  path: string;
  sent: string;
  /** 0 without an answer. */
  status: number;
  answered: string;
}

/** Where a teller writes down what a step does. */
export interface Notes {
  exchange(one: Exchange): void;
  line(text: string): void;
  page(address: string): void;
  /** Says what is waited for; undefined when it is there. */
  wait(what: string | undefined): void;
  /** Whether somebody has stopped the step. */
  isStopped(): boolean;
}

const pollMs = 400;
const patienceMs = 15 * 60_000;

/** Thrown in a step that somebody has stopped. */
export class Stopped extends Error {}

/** Makes a teller that takes the steps of one journey in this browser. */
export function browserTeller(notes: Notes): Teller {
  const send = async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const asked = { method: request.method, path: pathname + search, sent: await request.clone().text() };
    try {
      const response = await fetch(request);
      const text = await response.clone().text();
      notes.exchange({ ...asked, status: response.status, answered: shownOf(response, text) });
      return response;
    } catch (error) {
      notes.exchange({ ...asked, status: 0, answered: "no answer" });
      throw error;
    }
  };
  return {
    server: { baseUrl: location.origin, fetch: send },
    isWatched: true,
    async submit(page, fields): Promise<PageAnswer> {
      const { pathname, search } = new URL(page, location.href);
      const body = new URLSearchParams(fields);
      const response = await send(new Request(pathname + search, { method: "POST", body }));
      return { status: response.status, leadsOn: response.redirected, text: await response.text() };
    },
    async stripe(path) {
      const headers = { Authorization: "Bearer sk_test_looking" };
      return (await send(new Request(`/sandbox/stripe/v1${path}`, { headers }))).json();
    },
    async control(method, name, body) {
      const headers = { "Content-Type": "application/json" };
      const init = body ? { method, headers, body: JSON.stringify(body) } : { method };
      const response = await send(new Request(`/sandbox/control/${name}`, init));
      if (!response.ok) throw new Error(`the control ${name} was refused: ${await response.text()}`);
      return response.json();
    },
    async until(what, ask) {
      for (const deadlineMs = Date.now() + patienceMs; Date.now() < deadlineMs; ) {
        if (notes.isStopped()) throw new Stopped("Stopped.");
        const found = await ask();
        if (found !== undefined) {
          notes.wait(undefined);
          return found;
        }
        notes.wait(what);
        await new Promise((done) => setTimeout(done, pollMs));
      }
      throw new Error(`${what} did not happen within ${patienceMs / 60_000} minutes`);
    },
    show: (...lines) => lines.forEach(notes.line),
    showPage: notes.page,
  };
}

function shownOf({ headers }: Response, text: string): string {
  return /html/.test(headers.get("Content-Type") ?? "") ? `a page: ${alertOf(text) || "…"}` : text;
}
