import type { Cost } from "../cost";
import type { GroupAnswer } from "../db/commit-queue";
import type { PlainStatement } from "../db/database";
import type { Deps, OpenReservation } from "../operations/deps";
import type { Command, run } from "../operations/operations";
import type { deliver } from "../webhooks/deliver";

/**
 * How the Worker calls the sequencer. This is a type of its own because the class imports what the Worker is built of:
 * to import the class here would make a circle.
 */
export interface SequencerRpc extends Rpc.DurableObjectBranded {
  perform(key: string, command: Command, context: Context): Promise<Performed>;
}

/** The context that a command brings along from its caller. */
export interface Context {
  requestId: string;
  reservation?: OpenReservation;
  /** The mark of a restore, if the caller has read the aggregate with it. */
  restored?: { mark: Awaited<ReturnType<Deps["restored"]>> };
}

/** How the Worker calls the object that commits changes in groups. */
export interface CommitterRpc extends Rpc.DurableObjectBranded {
  commit(batch: readonly PlainStatement[]): Promise<GroupAnswer>;
}

/** How the Worker calls the object that makes one endpoint's attempts. */
export interface DispatcherRpc extends Rpc.DurableObjectBranded {
  take(jobs: ReadonlyMap<string, DeliveryJob>): void;
}

export type DeliveryJob = Parameters<typeof deliver>[1];

/** The sequencer's answer. Refusals travel as data, because an error loses its class over RPC. */
export interface Performed {
  result: Awaited<ReturnType<typeof run>>;
  cost: Cost;
  /** Whether the committing batch has settled the idempotency key. */
  settled: boolean;
  /** Whether the key is reserved, before the command or by its first change. Absent from a release before. */
  reserved?: boolean;
}
