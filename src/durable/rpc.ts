import type { Cost } from "../cost";
import type { Command } from "../operations/commands";
import type { OpenReservation } from "../operations/deps";
import type { run } from "../operations/registry";
import type { deliver } from "../webhooks/deliver";

/** How the Worker calls the sequencer. The class itself uses what the Worker builds, so nobody names it there. */
export interface SequencerRpc extends Rpc.DurableObjectBranded {
  perform(
    key: string,
    command: Command,
    context: { requestId: string; reservation?: OpenReservation },
  ): Promise<Performed>;
}

/** How the Worker calls the object that makes one endpoint's attempts. */
export interface DispatcherRpc extends Rpc.DurableObjectBranded {
  take(jobs: ReadonlyMap<string, DeliveryJob>): void;
}

export type DeliveryJob = Parameters<typeof deliver>[1];

/** The answer of the lock. Refusals travel as data, because an error loses its class over RPC. */
export interface Performed {
  result: Awaited<ReturnType<typeof run>>;
  cost: Cost;
  /** Whether the committing batch has settled the idempotency key. */
  settled: boolean;
}
