import { env } from "cloudflare:workers";
import { bucketOf } from "../../src/domain/id";
import type { Sequencer } from "../../src/durable/sequencer";

const { SEQUENCER } = env as unknown as { SEQUENCER: DurableObjectNamespace<Sequencer> };

/** As many as in src/container.ts. */
const sequencerCount = 64;

/** Returns the object that serializes the commands of a testimony. */
export function sequencerOf({ testimonyId }: { testimonyId: string }): DurableObjectStub<Sequencer> {
  return SEQUENCER.get(SEQUENCER.idFromName(`sequencer-${bucketOf(testimonyId) % sequencerCount}`));
}

/** Returns an object of the class that nothing else uses. */
export function newSequencer(): DurableObjectStub<Sequencer> {
  return SEQUENCER.get(SEQUENCER.newUniqueId());
}
