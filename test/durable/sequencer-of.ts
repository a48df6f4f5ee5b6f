import { env } from "cloudflare:workers";
import { homeOf } from "../../src/domain/id";
import type { Sequencer } from "../../src/durable/sequencer";

const { SEQUENCER } = env as unknown as { SEQUENCER: DurableObjectNamespace<Sequencer> };

/** As many as src/wire.ts knows. */
const sequencerCount = 64;

/** The object that orders the commands of a testimony. */
export function sequencerOf({ testimonyId }: { testimonyId: string }): DurableObjectStub<Sequencer> {
  return SEQUENCER.get(SEQUENCER.idFromName(`sequencer-${homeOf(testimonyId) % sequencerCount}`));
}

/** An object of the class that nothing else uses. */
export function newSequencer(): DurableObjectStub<Sequencer> {
  return SEQUENCER.get(SEQUENCER.newUniqueId());
}
