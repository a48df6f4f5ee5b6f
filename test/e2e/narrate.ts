import { alertOf } from "../../src/console/journeys/check.ts";
import type { PageAnswer, Journey as Story, Teller } from "../../src/console/journeys/journey.ts";
import { Journey } from "../journey.ts";

const colorful = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (colorful ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

/** The most characters of a printed line. */
const lineMax = 108;
/** The most characters of a printed text: the beginnings of tokens, ids and addresses suffice to distinguish them. */
const textMax = 24;

interface Exchange {
  request: string;
  answer: string;
}

/** Explains a journey step by step: every step says what happens and why, then shows its requests and answers. */
export class Narrator implements Teller {
  readonly journey: Journey;
  readonly server: Teller["server"];
  readonly isWatched = false;
  private exchanges: Exchange[] = [];
  private shown: string[] = [];
  private count = 0;

  constructor(origin: string) {
    const send = (request: Request) => this.send(request);
    this.journey = new Journey(send, origin);
    this.server = { baseUrl: origin, fetch: send };
  }

  chapter(title: string): void {
    console.log(`\n${bold(title)}\n${"─".repeat(title.length)}`);
  }

  /** Tells a whole journey. Returns what its steps kept. */
  async tell<Kept extends object>({ chapters }: Pick<Story<Kept & { about: string }>, "chapters">): Promise<Kept> {
    const kept = {} as Kept & { about: string };
    for (const { title, steps, end } of chapters) {
      this.chapter(title);
      try {
        for (const one of steps) {
          Object.assign(kept, await this.step(one.title, one.why, async () => one.take(this, kept)));
        }
      } finally {
        await end?.(this, kept);
      }
    }
    return kept;
  }

  async submit(page: string, fields: Record<string, string>): Promise<PageAnswer> {
    const { status, body } = await this.journey.submit(page, fields);
    return { status, leadsOn: status === 303, text: String(body) };
  }

  stripe<Found>(path: string): Promise<Found> {
    return this.journey.stripe(path);
  }

  async control<Found>(method: "GET" | "POST", name: string, body?: object): Promise<Found> {
    return (await this.journey.control(method, name, body)).body;
  }

  until<Found>(what: string, ask: () => Promise<Found | undefined>): Promise<Found> {
    return until(what, ask);
  }

  showPage(address: string): void {
    this.show(`The page: ${address}`);
  }

  /** Announces the step, takes it, and shows its requests and answers, also if it fails. */
  async step<T>(title: string, why: string, take: (journey: Journey) => Promise<T>): Promise<T> {
    this.count += 1;
    console.log(`\n${bold(`${String(this.count).padStart(2)}  ${title}`)}`);
    for (const line of wrap(why)) console.log(`    ${line}`);
    this.exchanges = [];
    this.shown = [];
    try {
      return await take(this.journey);
    } finally {
      for (const { request, answer } of withoutRepeats(this.exchanges)) {
        console.log(dim(`    → ${request}`));
        console.log(dim(`    ← ${answer}`));
      }
      for (const line of this.shown) console.log(`      ${line}`);
    }
  }

  /** Shows lines below the step's requests. */
  show(...lines: string[]): void {
    this.shown.push(...lines);
  }

  private async send(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const sent = request.body ? await request.clone().text() : "";
    const response = await fetch(request);
    this.exchanges.push({
      request: cut(`${request.method} ${withShortIds(pathname + search)}  ${short(sent)}`),
      answer: cut(`${response.status}  ${await answerOf(response.clone())}`),
    });
    return response;
  }
}

/** Asks until there is an answer; gives up with the words for what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, patienceMs = 60_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${patienceMs / 1000} seconds`);
    await new Promise((done) => setTimeout(done, 250));
  }
}

async function answerOf(response: Response): Promise<string> {
  const location = response.headers.get("Location");
  if (location !== null) return `to ${withShortIds(location)}`;
  const text = await response.text();
  return /html/.test(response.headers.get("Content-Type") ?? "") ? `a page: ${alertOf(text) || "…"}` : short(text);
}

/** Shortens long texts in JSON and removes passwords; anything else stays as it is. */
function short(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (name, value) => {
      if (name.startsWith("password")) return "…";
      return typeof value === "string" && value.length > textMax ? `${value.slice(0, textMax)}…` : value;
    });
  } catch {
    return text;
  }
}

function withShortIds(address: string): string {
  return address.replace(/[\w-]{24,}/g, (id) => `${id.slice(0, 16)}…`);
}

function cut(line: string): string {
  return line.length > lineMax ? `${line.slice(0, lineMax)} …` : line.trimEnd();
}

/** Drops repeated requests of polling, except the last. */
function withoutRepeats(exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.filter(
    ({ request }, index) => !request.startsWith("GET ") || exchanges[index + 1]?.request !== request,
  );
}

function wrap(text: string, width = 100): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
