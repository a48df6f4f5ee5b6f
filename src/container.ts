import { addCost, type Cost, emptyCost } from "./cost";
import { bucketOf, makeId } from "./domain/id";
import { Interruption, isPassing } from "./domain/interruption";
import type { Result } from "./domain/result";
import { minuteMs } from "./domain/time";
import { type DeliveryJob, nameOf } from "./domain/webhooks/delivery-job";
import type { Performed } from "./durable/rpc";
import { type Environment, type RawEnvironment, readEnvironment } from "./env";
import { openLog } from "./log";
import type { Sender } from "./mail/letter";
import { openMailer } from "./mail/mailer";
import { near } from "./near";
import { type FoundMark, openMarked } from "./open-marked";
import type { Deps, Log } from "./operations/deps";
import {
  type Command,
  type CommandName,
  isRepeatable,
  lockKey,
  type Output,
  type PerformDeps,
  run,
} from "./operations/operations";
import { readDocument } from "./read-document";
import { openStripe } from "./stripe/client";
import { verifyEvent } from "./stripe/event";
import { whileCurrent } from "./stripe/while-current";

/** The number of sequencers; each holds many chains. Changing it moves every lock, so deploy such a change alone. */
const sequencerCount = 64;
const queueBatchMax = 100;

/**
 * Builds everything that one invocation uses; nothing is constructed elsewhere. Throws EnvironmentIncomplete.
 * `checkCurrent` is for an object that may be replaced while it works: it throws in one that was. `changes` is false if
 * only a read is requested. `found` is the mark that the caller of an object has found.
 */
export async function buildDeps(
  raw: RawEnvironment,
  requestId: string,
  checkCurrent: () => void = () => undefined,
  changes = true,
  found?: FoundMark,
): Promise<PerformDeps & { cost: Cost }> {
  const env = readEnvironment(raw);
  const basics = await basicsOf(env, requestId, changes, found);
  const { cost, nowMs } = basics;
  const stripe = openStripe({ key: env.STRIPE_SECRET_KEY, timeoutMs: env.STRIPE_TIMEOUT_MS, cost, ...fetchOf(env) });
  const deps: PerformDeps & { cost: Cost } = {
    ...basics,
    runId: basics.newId(),
    stripe: whileCurrent(stripe, checkCurrent),
    mailer: openMailer(
      { from: env.MAIL_FROM, url: env.MAIL_URL, token: env.MAIL_TOKEN, binding: env.EMAIL, fetch: outside(env) },
      {
        name: env.MERCHANT_NAME,
        frontendUrl: env.FRONTEND_URL,
        texts: () => readDocument(env, "/mail-texts.json") as ReturnType<Sender["texts"]>,
      },
    ),
    verifyEvent: (rawBody, signature) => verifyEvent(rawBody, signature, env.STRIPE_WEBHOOK_SECRETS, nowMs()),
    settings: {
      commissionBasisPoints: env.COMMISSION_BASIS_POINTS,
      frontendUrl: env.FRONTEND_URL,
      merchantName: env.MERCHANT_NAME,
      livemode: env.livemode,
      convertedCurrencies: env.CONVERTED_CURRENCIES,
      expertCapabilities: env.EXPERT_CAPABILITIES,
      payoutRelease: env.PAYOUT_RELEASE,
      transferWindowMs: env.TRANSFER_WINDOW_MINUTES * minuteMs,
      openRows: env.OPEN_ROWS,
    },
    runSerialized(command) {
      return performSerialized(env, cost, this, command);
    },
    enqueueCommands: (commands) => enqueueCommands(env, basics, commands),
  };
  return deps;
}

/** Builds what one delivery uses: no Stripe, no lock, and of all secrets only the keys that decrypt signing secrets. */
export async function buildDeliveryDeps(raw: RawEnvironment, requestId: string) {
  const env = readEnvironment(raw);
  return {
    ...(await basicsOf(env, requestId)),
    send: outside(env),
    timeoutMs: env.WEBHOOK_TIMEOUT_MS,
    sealingKeys: env.WEBHOOK_SEALING_KEYS,
    loopbackAllowed: env.SANDBOX,
  };
}

/** Builds what every invocation has: its cost, log, clock, database, ids and queues. */
async function basicsOf(env: Environment, requestId: string, changes = true, found?: FoundMark) {
  const cost = emptyCost();
  const log = openLog(requestId);
  const clockOffsetMs = (await env.STRIPE?.clockOffsetMs()) ?? 0;
  const nowMs = () => Date.now() + clockOffsetMs;
  return {
    cost,
    log,
    requestId,
    nowMs,
    ...openMarked(env, cost, changes, found),
    newId: (bucket = openBucket(env)) => makeId(nowMs(), bucket, crypto.getRandomValues(new Uint8Array(9))),
    enqueueDeliveries: (jobs: readonly DeliveryJob[], delaySeconds?: number) =>
      enqueueDeliveries(env, { cost, log }, jobs, delaySeconds),
  };
}

/**
 * Performs a command through the sequencer of its key, or in place if it has none. Cloudflare itself repeats a call
 * that has never reached its object (Durable Objects, automatic retries). A call that may have reached it is repeated
 * with a new stub if that is harmless; otherwise the caller decides.
 */
async function performSerialized<N extends CommandName>(
  env: Environment,
  cost: Cost,
  deps: Deps,
  command: Command<N>,
): Promise<Result<Output<N>>> {
  const key = lockKey(command);
  if (key === undefined) return run(deps, command);
  const { requestId, reservation } = deps;
  const isKnown = "known" in command.input;
  const context = {
    requestId,
    ...(reservation ? { reservation } : {}),
    ...(isKnown ? { restored: { mark: await deps.restored() } } : {}),
  };
  const ask = (): Promise<Performed> =>
    unlessCutOff(() => sequencerOf(env, key).perform(key, command as Command, context));
  const answer = await ask().catch((error) => {
    if (!isPassing(error) || !isRepeatable(command)) throw error;
    return ask();
  });
  addCost(cost, answer.cost);
  cost.hops += 1;
  if (reservation) {
    reservation.settled ||= answer.settled;
    if (answer.reserved) delete reservation.unreserved;
  }
  // Over RPC the output is plain data, and the command's name determines its type.
  return answer.result as Result<Output<N>>;
}

/** Assigns delivery jobs to their receiver's object, which makes the attempts. Throws if it cannot be reached. */
export async function assign(raw: RawEnvironment, receiver: string, jobs: readonly DeliveryJob[]): Promise<void> {
  const env = readEnvironment(raw);
  const named = new Map(jobs.map((job) => [nameOf(job), job]));
  await env.DISPATCHER.get(env.DISPATCHER.idFromName(receiver), near(env)).take(named);
}

/** Calls an object. An error of its own code is thrown again; any other failure of the call becomes an Interruption. */
export async function unlessCutOff<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { remote, retryable, overloaded } = error as Partial<Record<"remote" | "retryable" | "overloaded", boolean>>;
    if (remote && !retryable && !overloaded) throw error;
    throw new Interruption("a call to an object was cut off", { cause: error });
  }
}

type Basics = { cost: Cost; log: Log };

async function enqueueCommands({ WORK }: Environment, basics: Basics, commands: readonly Command[]): Promise<void> {
  const messages = commands.map((command) => ({ body: { command } }));
  await sendAll(WORK, messages, basics, (batch, error) =>
    basics.log.error("commands_lost", error, { commands: batch.map(({ body }) => body.command.name) }),
  );
}

async function enqueueDeliveries(
  { DELIVERIES }: Environment,
  basics: Basics,
  jobs: readonly DeliveryJob[],
  delaySeconds = 0,
): Promise<void> {
  const messages = jobs.map((body) => ({ body, delaySeconds }));
  await sendAll(DELIVERIES, messages, basics, (batch, error) =>
    basics.log.error("deliveries_lost", error, { jobs: batch.length }),
  );
}

/** Sends messages. A batch that the queue refuses costs delay only: the sweep finds the rows. */
async function sendAll<T>(
  queue: Queue<T>,
  messages: readonly MessageSendRequest<T>[],
  { cost }: Basics,
  onLost: (batch: readonly MessageSendRequest<T>[], error: unknown) => void,
): Promise<void> {
  for (let start = 0; start < messages.length; start += queueBatchMax) {
    const batch = messages.slice(start, start + queueBatchMax);
    try {
      await queue.sendBatch(batch);
      cost.queueOperations += batch.length;
    } catch (error) {
      onLost(batch, error);
    }
  }
}

/** Returns the sequencer of a key, by the bucket of the id at its end ("testimony:<id>"). */
function sequencerOf(env: Environment, key: string) {
  const bucket = bucketOf(key.slice(key.indexOf(":") + 1));
  const id = env.SEQUENCER.idFromName(`sequencer-${bucket % sequencerCount}`);
  return env.SEQUENCER.get(id, near(env));
}

/** Returns the network: in the sandbox one that answers for its own inbox. */
function outside({ OUTSIDE }: Environment): typeof fetch {
  return (OUTSIDE ? OUTSIDE.fetch.bind(OUTSIDE) : fetch.bind(globalThis)) as typeof fetch;
}

function fetchOf(env: Environment): { fetch?: typeof fetch } {
  const { STRIPE } = env;
  return STRIPE
    ? { fetch: ((input, init) => STRIPE.fetch(input as RequestInfo, init as RequestInit)) as typeof fetch }
    : {};
}

function openBucket({ OPEN_BUCKETS: { first, last } }: Environment): number {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return first + (random % (last - first + 1));
}
