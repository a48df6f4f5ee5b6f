import { createApp } from "./app";
import { assign, buildDeps } from "./container";
import { madeOnce } from "./domain/made-once";
import { isDeliveryJob, receiverOf } from "./domain/webhooks/delivery-job";
import { openLog } from "./log";
import type { Command } from "./operations/operations";
import { perform } from "./operations/perform";
import { isClockStopped } from "./operations/watch-clock";

export { Committer } from "./durable/committer";
export { Dispatcher } from "./durable/dispatcher";
export { Limiter } from "./durable/limiter";
export { Sequencer } from "./durable/sequencer";

/** Made at the first request, because the isolates of objects and queues route none. */
const app = madeOnce(createApp);
const deliveries = "accord-deliveries";
const deadLetters = ["accord-work-dead", "accord-deliveries-dead"];

type BuiltDeps = Awaited<ReturnType<typeof buildDeps>>;

export default {
  /**
   * Cloudflare cancels a request whose client has hung up, unless it is waited for (Workers, limits: up to 30 seconds
   * more). A change that has begun is finished: its key gets its answer, and what follows from it is not left to the
   * sweep.
   */
  fetch(request, env, ctx) {
    const answer = Promise.resolve(app().fetch(request, env, ctx));
    if (!["GET", "HEAD"].includes(request.method)) ctx.waitUntil(answer);
    return answer;
  },

  async queue(batch, env) {
    await Promise.all([consume(batch, env), watchClock(env)]);
  },

  /** Runs the sweep, which finishes what is due. */
  async scheduled(_controller, env) {
    const deps = await buildDeps(env, `sweep-${crypto.randomUUID()}`);
    try {
      await perform(deps, { name: "sweep", input: {} }, { requestId: deps.requestId });
    } catch (error) {
      await watchClock(env);
      throw error;
    }
  },
} satisfies ExportedHandler<Cloudflare.Env, unknown>;

async function consume(batch: MessageBatch<unknown>, env: object): Promise<void> {
  if (batch.queue === deliveries) return assignBatch(batch.messages, env);
  const deps = await buildDeps(env, `queue-${crypto.randomUUID()}`);
  return deadLetters.includes(batch.queue) ? nameDead(deps, batch) : performBatch(deps, batch.messages);
}

/** Tells the operator what waits if the clock has stopped and cannot do so; the stopped clock is the first item. */
async function watchClock(env: object): Promise<void> {
  const deps = await buildDeps(env, `watch-${crypto.randomUUID()}`);
  const { requestId, log } = deps;
  try {
    if (await isClockStopped(deps)) await perform(deps, { name: "publish-attention", input: {} }, { requestId });
  } catch (error) {
    log.error("clock_not_watched", error);
  }
}

/** Logs dead messages. Nothing is lost: the row stays due, and the sweep continues with it. */
function nameDead({ log }: BuiltDeps, batch: MessageBatch<unknown>): void {
  for (const message of batch.messages) log.warn("dead_letter", { queue: batch.queue, message: message.id });
  batch.ackAll();
}

/**
 * Performs each message by itself, so that a failing one does not affect the others. The rows are in D1; a message only
 * says that there is work.
 */
async function performBatch(deps: BuiltDeps, messages: readonly Message<unknown>[]): Promise<void> {
  const work = messages.map(async (message) => {
    const { command } = message.body as { command: Command };
    try {
      await perform(deps, command, { requestId: deps.requestId });
      message.ack();
    } catch (error) {
      deps.log.error("message_failed", error, { command: command.name, attempts: message.attempts });
      message.retry({ delaySeconds: delaySecondsAfter(message.attempts) });
    }
  });
  await Promise.all(work);
  deps.log.info("work", { messages: messages.length, cost: deps.cost });
}

/**
 * Assigns delivery jobs to the receivers' objects, which make the attempts: nothing waits here for a receiver's server,
 * and no receiver for another.
 */
async function assignBatch(messages: readonly Message<unknown>[], env: object): Promise<void> {
  const byReceiver = Map.groupBy(messages, ({ body }) => (isDeliveryJob(body) ? receiverOf(body) : undefined));
  const work = [...byReceiver].map(async ([receiver, group]) => {
    try {
      if (receiver === undefined) throw new TypeError("no delivery is named");
      await assign(env, receiver, group.map(({ body }) => body).filter(isDeliveryJob));
      for (const message of group) message.ack();
    } catch (error) {
      openLog(`queue-${crypto.randomUUID()}`).error("deliveries_not_handed_over", error, { receiver });
      for (const message of group) message.retry({ delaySeconds: delaySecondsAfter(message.attempts) });
    }
  });
  await Promise.all(work);
}

function delaySecondsAfter(attempts: number): number {
  return Math.min(2 ** attempts, 300);
}
