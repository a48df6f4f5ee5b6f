import { createApp } from "./app";
import type { Command } from "./operations/commands";
import { perform } from "./operations/perform";
import { wire } from "./wire";

export { Sequencer } from "./durable/sequencer";

const app = createApp();
const deadLetters = "accord-work-dead";

export default {
  fetch: app.fetch,

  /** Each message by itself: a poisoned one never touches its neighbours. The rows are in D1; a message is a nudge. */
  async queue(batch, env) {
    const deps = await wire(env, `queue-${crypto.randomUUID()}`);
    if (batch.queue === deadLetters) {
      // Nothing is lost: the row stays due, and the sweep goes on with it. Somebody should know all the same.
      for (const message of batch.messages) deps.log.warn("dead letter", { command: message.body.command.name });
      batch.ackAll();
      return;
    }
    const work = batch.messages.map(async (message) => {
      try {
        await perform(deps, message.body.command, { requestId: deps.requestId });
        message.ack();
      } catch (error) {
        deps.log.error("message failed", error, { command: message.body.command.name, attempts: message.attempts });
        message.retry({ delaySeconds: Math.min(2 ** message.attempts, 300) });
      }
    });
    await Promise.all(work);
    deps.log.info("work", { messages: batch.messages.length, cost: deps.cost });
  },

  /** The sweep: finishes whatever was left half-done. */
  async scheduled(_controller, env) {
    const deps = await wire(env, `sweep-${crypto.randomUUID()}`);
    await perform(deps, { name: "sweep", input: {} }, { requestId: deps.requestId });
    deps.log.info("sweep", { cost: deps.cost });
  },
} satisfies ExportedHandler<Cloudflare.Env, { command: Command }>;
