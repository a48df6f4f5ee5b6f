import { emulatorOf } from "../emulator-of";
import type { SandboxEnv } from "../env";
import { messagesConsumed } from "../messages-underway";

/** The application's cron handler, called as the runtime would. */
export type ScheduledHandler = ExportedHandlerScheduledHandler<SandboxEnv>;

/** Work may cause more work; after this many rounds it does not end any more. */
const MOST_ROUNDS = 12;
/** One quiet round may only mean that something is between the two sides. */
const QUIET_ROUNDS = 2;
const BREATH_MS = 1;
/** A message that takes longer waits for something that time alone does not bring. */
const CONSUMING_LIMIT_MS = 5_000;

/**
 * Lets both sides do what is due, until a whole round changes nothing. Returns what the application's cron handler
 * threw.
 */
export async function runUntilQuiet(env: SandboxEnv, scheduled: ScheduledHandler): Promise<string[]> {
  const emulator = emulatorOf(env);
  const errors: string[] = [];
  for (let round = 0, quiet = 0; round < MOST_ROUNDS && quiet < QUIET_ROUNDS; round += 1) {
    const before = await emulator.activity();
    const done = await emulator.settle();
    errors.push(...(await runScheduled(env, scheduled)));
    await messagesConsumed(CONSUMING_LIMIT_MS);
    await scheduler.wait(BREATH_MS);
    const isQuiet = done === 0 && (await emulator.activity()) === before;
    quiet = isQuiet ? quiet + 1 : 0;
  }
  return errors;
}

/** Runs the application's cron handler and all work that it passed to `waitUntil`. Returns what failed. */
export async function runScheduled(env: SandboxEnv, scheduled: ScheduledHandler): Promise<string[]> {
  const left: Promise<unknown>[] = [];
  const controller: ScheduledController = { scheduledTime: Date.now(), cron: "* * * * *", noRetry() {} };
  // The cron handler uses no more of its context than this.
  const ctx = { waitUntil: (work: Promise<unknown>) => void left.push(work) } as ExecutionContext;
  const results = [await settled(async () => scheduled(controller, env, ctx))];
  while (left.length > 0) {
    results.push(...(await Promise.all(left.splice(0).map((work) => settled(() => work)))));
  }
  return results.filter((error) => error !== null);
}

async function settled(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
