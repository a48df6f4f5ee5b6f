import { type DatabaseCost, openDatabase } from "./db/database";
import { type Errand, nameOf } from "./domain/errand";
import { bucketCount, homeOf, makeId } from "./domain/id";
import type { Result } from "./domain/result";
import type { Answer } from "./durable/sequencer";
import { type Environment, type RawEnvironment, readEnvironment } from "./env";
import { openLog } from "./log";
import type { Command, CommandName, Output } from "./operations/commands";
import type { Deps, Log } from "./operations/deps";
import { lockKey, run } from "./operations/registry";
import { openStripe } from "./stripe/client";
import { verifyEvent } from "./stripe/event";

/** What one invocation has cost, with the objects that it called. */
export interface Cost extends DatabaseCost {
  hops: number;
  stripeCalls: number;
  queueOperations: number;
}

/** Warm objects; each holds many chains (design: the lock is striped). Changing the number moves every lock: deploy it alone. */
const sequencerCount = 64;
const queueBatchMax = 100;

/** Builds everything that one invocation uses. The only place that constructs anything. Throws EnvironmentIncomplete. */
export async function wire(raw: RawEnvironment, requestId: string): Promise<Deps & { cost: Cost }> {
  const env = readEnvironment(raw);
  const cost = emptyCost();
  const clockOffsetMs = (await env.STRIPE?.clockOffsetMs()) ?? 0;
  const nowMs = () => Date.now() + clockOffsetMs;
  const log = openLog(requestId);
  const deps: Deps & { cost: Cost } = {
    cost,
    db: openDatabase(env.DB, cost),
    stripe: openStripe({ key: env.STRIPE_SECRET_KEY, timeoutMs: env.STRIPE_TIMEOUT_MS, cost, ...fetchOf(env) }),
    verifyEvent: (rawBody, signature) => verifyEvent(rawBody, signature, env.STRIPE_WEBHOOK_SECRETS, nowMs()),
    nowMs,
    newId: (bucket = randomBucket()) => makeId(nowMs(), bucket, crypto.getRandomValues(new Uint8Array(9))),
    log,
    requestId,
    settings: {
      commissionBasisPoints: env.COMMISSION_BASIS_POINTS,
      frontendUrl: env.FRONTEND_URL,
      merchantName: env.MERCHANT_NAME,
      livemode: env.livemode,
      transferWindowMs: env.TRANSFER_WINDOW_MINUTES * 60_000,
    },
    async inOrder<N extends CommandName>(command: Command<N>): Promise<Result<Output<N>>> {
      const key = lockKey(command);
      if (key === undefined) return run(this, command);
      const context = { requestId, ...(this.claim ? { claim: this.claim } : {}) };
      const answer: Answer = await sequencerOf(env, key).perform(key, command as Command, context);
      addCost(cost, answer.cost);
      cost.hops += 1;
      if (this.claim) this.claim.settled ||= answer.settled;
      // Over RPC the output is plain data, and the command's name says which.
      return answer.result as Result<Output<N>>;
    },
    dispatch: (errands, delaySeconds) => dispatch(env, cost, log, errands, delaySeconds),
    async nudge(commands) {
      for (let start = 0; start < commands.length; start += queueBatchMax) {
        const messages = commands.slice(start, start + queueBatchMax).map((command) => ({ body: { command } }));
        try {
          await env.WORK.sendBatch(messages);
          cost.queueOperations += messages.length;
        } catch (error) {
          log.error("nudge_lost", error, { commands: messages.map(({ body }) => body.command.name) });
        }
      }
    },
  };
  return deps;
}

/** Builds what one delivery uses: no Stripe, no lock, and of all secrets only the keys that open signing secrets. */
export async function wireDelivery(raw: RawEnvironment, requestId: string) {
  const env = readEnvironment(raw);
  const cost = emptyCost();
  const clockOffsetMs = (await env.STRIPE?.clockOffsetMs()) ?? 0;
  const nowMs = () => Date.now() + clockOffsetMs;
  const log = openLog(requestId);
  return {
    cost,
    log,
    requestId,
    nowMs,
    db: openDatabase(env.DB, cost),
    newId: (bucket = randomBucket()) => makeId(nowMs(), bucket, crypto.getRandomValues(new Uint8Array(9))),
    send: (env.OUTSIDE ? env.OUTSIDE.fetch.bind(env.OUTSIDE) : fetch.bind(globalThis)) as typeof fetch,
    timeoutMs: env.WEBHOOK_TIMEOUT_MS,
    sealingKeys: env.WEBHOOK_SEALING_KEYS,
    loopbackAllowed: env.SANDBOX,
    dispatch: (errands: readonly Errand[], delaySeconds?: number) => dispatch(env, cost, log, errands, delaySeconds),
  };
}

/** Gives errands to the object of the one who is told, which makes the attempts. Throws when it cannot be reached. */
export async function handOver(raw: RawEnvironment, receiver: string, errands: readonly Errand[]): Promise<void> {
  const env = readEnvironment(raw);
  const named = new Map(errands.map((errand) => [nameOf(errand), errand]));
  await env.COURIER.get(env.COURIER.idFromName(receiver), near(env)).take(named);
}

/** Counts one use of a holder's quota, exactly, in an object of its own. */
export async function takeFrom(
  env: Environment,
  { cost, nowMs }: { cost: Cost; nowMs: () => number },
  holder: string,
  { most, windowSeconds }: { most: number; windowSeconds: number },
) {
  const limiter = env.LIMITER.get(env.LIMITER.idFromName(holder), near(env));
  cost.hops += 1;
  const { allowed, left, resetMs } = await limiter.take({ most, windowMs: windowSeconds * 1000 }, nowMs());
  return { allowed, most, windowSeconds, left, resetSeconds: Math.ceil(resetMs / 1000) };
}

async function dispatch(
  env: Environment,
  cost: Cost,
  log: Log,
  errands: readonly Errand[],
  delaySeconds = 0,
): Promise<void> {
  for (let start = 0; start < errands.length; start += queueBatchMax) {
    const messages = errands.slice(start, start + queueBatchMax).map((body) => ({ body, delaySeconds }));
    try {
      await env.DELIVERIES.sendBatch(messages);
      cost.queueOperations += messages.length;
    } catch (error) {
      log.error("dispatch_lost", error, { errands: messages.length });
    }
  }
}

/** Nothing spent yet. */
export function emptyCost(): Cost {
  return { roundTrips: 0, queries: 0, rowsRead: 0, rowsWritten: 0, hops: 0, stripeCalls: 0, queueOperations: 0 };
}

/** Adds what another invocation spent on our behalf. */
function addCost(total: Cost, spent: Cost): void {
  for (const name of Object.keys(total) as (keyof Cost)[]) total[name] += spent[name];
}

/** One of 64 objects, by the bucket of the id at the root of the key ("testimony:<id>"). */
function sequencerOf(env: Environment, key: string) {
  const bucket = homeOf(key.slice(key.indexOf(":") + 1));
  const id = env.SEQUENCER.idFromName(`sequencer-${bucket % sequencerCount}`);
  return env.SEQUENCER.get(id, near(env));
}

/** Objects are made where the database is. */
function near({ LOCATION_HINT }: Environment): DurableObjectNamespaceGetDurableObjectOptions {
  return LOCATION_HINT === undefined ? {} : { locationHint: LOCATION_HINT };
}

function fetchOf(env: Environment): { fetch?: typeof fetch } {
  const { STRIPE } = env;
  return STRIPE
    ? { fetch: ((input, init) => STRIPE.fetch(input as RequestInfo, init as RequestInit)) as typeof fetch }
    : {};
}

function randomBucket(): number {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return random % bucketCount;
}
