import { isFull } from "../db/while-room";
import type { Known } from "../domain/known";
import { type Result, refuse, success } from "../domain/result";
import { bookStripeFees } from "./book-stripe-fees";
import { conflictOf } from "./conflict";
import type { Deps } from "./deps";
import type { FollowUps, Recovered, Recoveries } from "./follow-ups";
import { offerOperations } from "./offers/operations";
import { type Operation, operation } from "./operation";
import { operatorOperations } from "./operator/operations";
import { paymentOperations } from "./payments/operations";
import { purge } from "./purge";
import { restoreOperations } from "./restore/operations";
import { resumingOperations } from "./resume-call";
import { stripeEventOperations } from "./stripe-events/operations";
import { sweep } from "./sweep";
import { transferOperations } from "./transfers/operations";
import { webhookOperations } from "./webhooks/operations";

/** The table of all operations, by the name of the command that each carries out. */
const operations = {
  ...offerOperations,
  ...paymentOperations,
  ...transferOperations,
  ...webhookOperations,
  ...operatorOperations,
  ...stripeEventOperations,
  ...restoreOperations,
  ...resumingOperations,
  "book-stripe-fees": operation(bookStripeFees),
  sweep: operation(sweep),
  purge: operation(purge),
} satisfies { [N in keyof FollowUps]: Operation<FollowUps[N], N extends keyof Recoveries ? Recovered : unknown> };

type Operations = typeof operations;

/*
 * All commands, as plain data. They run through `perform` only. Their types follow from the table.
 */
export type CommandName = keyof Operations;
type Inputs = { [N in CommandName]: Operations[N] extends Operation<infer I, infer _> ? I : never };
type Outputs = { [N in CommandName]: Operations[N] extends Operation<infer _, infer O> ? O : never };
export type Input<N extends CommandName> = Inputs[N];
export type Output<N extends CommandName> = Outputs[N];

/** A command as it travels to the sequencer. */
export type Command<N extends CommandName = CommandName> = { [K in N]: { name: K; input: Inputs[K] } }[N];

/** Dependencies for performing commands: those of operations, but any command may be run under its lock and enqueued. */
export interface PerformDeps extends Deps {
  runSerialized: <N extends CommandName>(command: Command<N>) => Promise<Result<Output<N>>>;
  enqueueCommands: (commands: readonly Command[]) => Promise<void>;
}

/** The same table in the form that shows the compiler that a command's input fits its operation. */
const table: { [N in CommandName]: Operation<Inputs[N], Outputs[N]> } = operations;

/** Tells whether a command's first change takes its idempotency key. */
export function takesKey({ name }: { name: CommandName }): boolean {
  return table[name].takesKey ?? false;
}

/** Returns an answer in the form in which it is stored under an idempotency key. */
export function kept<N extends CommandName>(name: N, answer: Result<unknown>): Result<unknown> {
  const { recall } = table[name];
  return recall && answer.ok ? success(recall.keep(answer.value as Output<N>)) : answer;
}

/** Returns the whole answer again of its stored form. */
export async function again<N extends CommandName>(
  { db }: Deps,
  { name, input }: Command<N>,
  stored: Result<Output<N>>,
): Promise<Result<Output<N>>> {
  const { recall } = table[name];
  return recall && stored.ok ? success(await recall.again(stored.value, input, db)) : stored;
}

/** The most attempts of a command that lost a race: each decides again on the new state. */
const attemptsMax = 5;

/**
 * Tells whether a command that was cut off may be performed once more at once, because doing it again changes nothing.
 */
export function isRepeatable({ name }: { name: CommandName }): boolean {
  return table[name].repeatable ?? false;
}

/** Returns the lock key under which a command must be performed; undefined if it needs no lock. */
export function lockKey<N extends CommandName>({ name, input }: Command<N>): string | undefined {
  return table[name].key?.(input);
}

/**
 * Performs a command here. The caller holds its lock key, if it has one. A lost race is repeated; `busy` is refused
 * after the last attempt.
 */
export async function run<N extends CommandName>(given: Deps, command: Command<N>): Promise<Result<Output<N>>> {
  const { name } = command;
  let { input } = command;
  const deps: Deps = { ...given, runId: given.newId(), kept: (answer) => kept(name, answer) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await table[name].run(deps, input);
    } catch (error) {
      const conflict = conflictOf(error);
      if (!conflict) throw error;
      // Another request has taken over our reservation of the idempotency key, and answers it.
      if (conflict.constraint.startsWith("idempotency_keys")) return refuse("idempotency_key_running");
      if (isFull(conflict.constraint)) return refuse("quota_exceeded");
      if (attempt < attemptsMax) {
        const { known: _, ...rest } = input as Known<unknown>;
        input = rest as typeof input;
        continue;
      }
      if (conflict.constraint === "users_deleted") return refuse("user_deleted");
      // Without a lock, or beside a replaced object, this many other writers may really have been faster.
      if (/^(journal|stripe_effects)\./.test(conflict.constraint)) return refuse("busy");
      throw error;
    }
  }
}
