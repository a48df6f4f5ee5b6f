import { DurableObject } from "cloudflare:workers";
import { buildDeps } from "../container";
import { emptyCost } from "../cost";
import type { OpenReservation } from "../operations/deps";
import { scopeOf } from "../operations/of-request";
import { type Command, run } from "../operations/operations";
import type { Context, Performed, SequencerRpc } from "./rpc";

/**
 * The most commands that may wait for one key. Beyond it the answer is `busy` at once: so long a queue is an outage.
 */
const waitingMax = 2_000;

/**
 * Serializes commands: one at a time per key, in order of arrival. A Durable Object interleaves while it awaits, so the
 * lock is explicit: a promise chain per key (blockConcurrencyWhile would reset the object on a throw and end it after
 * 30 s). It knows no business rules and stores nothing: everything that must not be lost is in D1.
 * Cloudflare replaces an object when its code is updated, or when it moves: the old one may run for a while beside the
 * new one, which knows nothing of its lock. Only an access to its storage ends the old one (Durable Objects, known
 * issues: global uniqueness), so the storage is read before and after each call to Stripe. Its keys are read, because
 * workerd checks only there, and not when SQL runs, whether the storage is still the object's (actor-sqlite.h). If both
 * write at the same moment, the journal's key and the state of the pending call let only one succeed.
 */
export class Sequencer extends DurableObject<object> implements SequencerRpc {
  readonly #chains = new Map<string, Chain>();

  /** Performs a command when all earlier commands under the same key have ended. */
  async perform(key: string, command: Command, context: Context): Promise<Performed> {
    const chain = this.#chains.get(key) ?? { last: Promise.resolve(), waiting: 0, requests: [] };
    if (chain.waiting >= waitingMax) return unperformed("busy");
    const { reservation } = context;
    const running = reservation && chain.requests.find((one) => isSameKey(one, reservation));
    if (running)
      return unperformed(
        running.fingerprint === reservation.fingerprint ? "idempotency_key_running" : "idempotency_key_reused",
      );
    if (reservation) chain.requests.push(reservation);
    this.#chains.set(key, chain);
    chain.waiting += 1;
    const turn = chain.last.then(() => this.#run(command, context));
    chain.last = turn.catch(() => undefined); // the outcome of one command does not matter to the next
    try {
      return await turn;
    } finally {
      chain.waiting -= 1;
      chain.requests = chain.requests.filter((one) => one !== reservation);
      if (chain.waiting === 0) this.#chains.delete(key);
    }
  }

  async #run(command: Command, { requestId, reservation, restored }: Context): Promise<Performed> {
    const checkCurrent = () => void this.ctx.storage.kv.get("current");
    const deps = await buildDeps(this.env, requestId, checkCurrent, true, restored);
    const result = await run({ ...deps, ...(reservation ? { reservation } : {}) }, command);
    const { settled = false, unreserved } = reservation ?? {};
    return { result, cost: deps.cost, settled, reserved: unreserved === undefined };
  }
}

type Refused = Extract<Performed["result"], { ok: false }>;

/** The commands under one key: the end of the last one, their number, and those of requests with an idempotency key. */
interface Chain {
  last: Promise<unknown>;
  waiting: number;
  requests: OpenReservation[];
}

/** Tells whether another request has the same key. A call that was cut off and is repeated is no other request. */
function isSameKey(one: OpenReservation, other: OpenReservation): boolean {
  return scopeOf(one) === scopeOf(other) && one.reservationId !== other.reservationId;
}

function unperformed(refusal: Refused["refusal"]): Performed {
  return { result: { ok: false, refusal }, cost: emptyCost(), settled: false };
}
