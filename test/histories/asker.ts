import { exports } from "cloudflare:workers";
import type { Answer, Journey } from "../journey";
import { bodyOf, isRepeated } from "./repeated-answer";
import { type Caller, type KeyedRequest, readStripe, type Told } from "./snapshot";

const minute = 60;
const day = 24 * 60 * minute;

/** Makes requests and judges every answer: keys, internal details, server errors. */
export class Asker {
  readonly journey: Journey;
  readonly told: Told;
  /** A 5xx is allowed only while a fault is planned. */
  excused = false;
  /** Those whose credential has ended: nothing of theirs may be done. */
  readonly out = new Set<Caller>();
  /** Those whose credential may end in this step, and whether an answer says that it has. */
  readonly leaving = new Map<Caller, boolean>();

  constructor(journey: Journey, told: Told) {
    this.journey = journey;
    this.told = told;
  }

  /** Makes a request, and records it if it carries a key. */
  async call(
    method: string,
    path: string,
    by: Caller,
    body: unknown = undefined,
    key: number | null = null,
  ): Promise<Answer> {
    const wasOut = this.out.has(by);
    const answer = await this.send(method, path, by, body, key);
    if (wasOut && answer.status < 400) this.told.wrong.push(`${path}: ${answer.status} for somebody who is out`);
    return answer;
  }

  private async send(method: string, path: string, by: Caller, body: unknown, key: number | null): Promise<Answer> {
    if (key === null) {
      const answer = await this.journey.call(method, `/api/v1${path}`, { ...by, ...(body ? { body } : {}) });
      return this.judge(answer, path);
    }
    const known = this.told.keyed.find((one) => one.path === path && one.by === by && one.key === `k${key}`);
    if (known) return this.sendAgain(known, body);
    const request: KeyedRequest = { method, path, by, body, key: `k${key}`, atMs: 0, last: { status: 0 } };
    this.told.keyed.push(request);
    return this.sendAgain(request, body);
  }

  /** Repeats a request with its key: a final answer must be repeated, and another body must change nothing. */
  async sendAgain(request: KeyedRequest, body: unknown): Promise<Answer> {
    const { method, path, by, key } = request;
    const before = request.answer;
    const isSame = JSON.stringify(body) === JSON.stringify(request.body);
    const nowMs = (await readStripe()).nowMs;
    const headers = { ...by.headers, "Idempotency-Key": key };
    const answer = await this.journey.call(method, `/api/v1${path}`, { ...by, body, headers });
    this.judge(answer, path);
    if (this.out.has(by) || this.leaving.has(by)) return answer;
    if (isSame) request.last = { status: answer.status, code: answer.body.code ?? answer.body.errorCode };
    const laterMs = (await readStripe()).nowMs; // the clock may have been moved meanwhile
    const isKept = laterMs - request.atMs < (day - minute) * 1000;
    const isForgotten = nowMs - request.atMs > (day + minute) * 1000;
    if (before && !isKept && !isForgotten) return answer;
    if (before && isKept) {
      if (isSame && answer.status !== before.status) {
        this.told.wrong.push(`${path} under ${key}: ${before.status}, then ${answer.status}`);
      }
      if (isSame && !(await isRepeated(before.body, answer))) {
        this.told.wrong.push(`${path} under ${key}: another body`);
      }
      if (!isSame && answer.status < 400) this.told.wrong.push(`${path} under ${key}: another request was done`);
    } else if (isSame && isForGood(answer)) {
      request.answer = { status: answer.status, body: bodyOf(answer) };
      request.atMs = nowMs;
    }
    return answer;
  }

  judge(answer: Answer, what: string): Answer {
    const { code, errorCode = code } = answer.body ?? {};
    if (/^quota_exceeded$/i.test(errorCode ?? "")) {
      this.told.refused.add(answer.headers.get("Request-Id") ?? "");
    }
    if (answer.status >= 500 && !this.excused) {
      this.told.wrong.push(`${what}: ${answer.status} though nothing was broken: ${bodyOf(answer)}`);
    }
    if (/SQLITE|D1_ERROR|sk_test_|whsec_|\bat [^"]*:\d+:\d+/.test(bodyOf(answer))) {
      this.told.wrong.push(`${what}: an answer shows our insides: ${bodyOf(answer)}`);
    }
    return answer;
  }

  /** Uses a control that may refuse. */
  async try(path: string, body: object): Promise<void> {
    await this.journey.call("POST", `/sandbox/control/${path}`, { body });
  }

  /** Acts at Stripe out-of-band, on the platform or on a connected account. Refused requests have no effect. */
  async atStripe(path: string, parameters: Record<string, string | number>, account?: string): Promise<void> {
    const body = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    const headers = {
      Authorization: "Bearer sk_test_somebody",
      ...(account === undefined ? {} : { "Stripe-Account": account }),
    };
    await exports.default.fetch(
      new Request(`http://localhost:8787/sandbox/stripe/v1${path}`, { method: "POST", body, headers }),
    );
  }
}

/** Tells whether an answer is final: success, or a decline by the bank. */
function isForGood({ status }: Answer): boolean {
  return status < 300 || status === 402;
}

/**
 * Returns the element at a place of a list that is repeated endlessly, backwards below zero; undefined if it is empty.
 */
export function pick<T>(list: readonly T[], at: number): T | undefined {
  return list.at(at % list.length);
}

export function share(amount: number, percent: number): number {
  return Math.max(Math.floor((amount * percent) / 100), 1);
}
