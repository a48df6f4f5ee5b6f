/**
 * Counts the messages between their producer and the end of their consumer, delayed ones excepted. Producers and
 * consumers are one worker in one process here; when it is killed, the local queues are lost with this count.
 */
const underway = new Map<string, number>();

const LOOK_EVERY_MS = 5;

const counting = new WeakMap<object, object>();

/**
 * Returns the environment with queues that count their messages. Other bindings stay as they are. One environment is
 * always answered by the same one, because the application reads its settings once for each.
 */
export function countingMessages<E extends object>(env: E): E {
  const known = counting.get(env);
  if (known) return known as E;
  const counted = { ...env } as Record<string, unknown>;
  for (const name of ["WORK", "DELIVERIES"]) {
    const queue = counted[name] as Queue<unknown> | undefined;
    if (queue) counted[name] = countingQueue(queue);
  }
  counting.set(env, counted);
  return counted as E;
}

/** Passes a batch to its consumer. Whatever the outcome, the first attempt of its messages is over then. */
export async function consume<T>(batch: MessageBatch<T>, consumer: () => unknown): Promise<void> {
  const consuming = `consuming ${crypto.randomUUID()}`; // a repeated message is work, too
  add(consuming, 1);
  try {
    await consumer();
  } finally {
    add(consuming, -1);
    for (const { body, attempts } of batch.messages) if (attempts === 1) add(keyOf(body), -1);
  }
}

/** Makes an object's state count its background work, too. */
export function countingWork(ctx: DurableObjectState): DurableObjectState {
  const waitUntil = ctx.waitUntil.bind(ctx);
  ctx.waitUntil = (work: Promise<unknown>) => {
    const working = `working ${crypto.randomUUID()}`;
    add(working, 1);
    waitUntil(work.finally(() => add(working, -1)));
  };
  return ctx;
}

/** Waits until nothing is under way, at most `limitMs`. */
export async function messagesConsumed(limitMs: number): Promise<void> {
  for (let waitedMs = 0; underway.size > 0 && waitedMs < limitMs; waitedMs += LOOK_EVERY_MS) {
    await scheduler.wait(LOOK_EVERY_MS);
  }
}

function countingQueue(queue: Queue<unknown>): Pick<Queue<unknown>, "send" | "sendBatch"> {
  return {
    async send(body, options) {
      const forget = expect([{ body, ...options }]);
      return queue.send(body, options).catch(forget);
    },
    async sendBatch(messages, options) {
      const sent = [...messages];
      const forget = expect(sent);
      return queue.sendBatch(sent, options).catch(forget);
    },
  };
}

/**
 * Counts messages before they are sent, because they may arrive before the sending ends. Returns a function that takes
 * them off the count again.
 */
function expect(messages: readonly { body: unknown; delaySeconds?: number }[]): (error: unknown) => never {
  const keys = messages.filter(({ delaySeconds }) => !delaySeconds).map(({ body }) => keyOf(body));
  for (const key of keys) add(key, 1);
  return (error) => {
    for (const key of keys) add(key, -1);
    throw error;
  };
}

function add(key: string, change: 1 | -1): void {
  const count = (underway.get(key) ?? 0) + change;
  if (count > 0) underway.set(key, count);
  else underway.delete(key);
}

/** Identifies a message by its content, because ids are assigned only on the other side. */
function keyOf(body: unknown): string {
  return JSON.stringify(body);
}
