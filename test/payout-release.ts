import { Sequencer } from "../src/sandbox/index";

let drawn: string | undefined;

/**
 * Sets PAYOUT_RELEASE for what the sequencers do from now on; undefined for the default. Acceptances happen there, and
 * the setting matters at no other moment.
 */
export function setPayoutRelease(release: string | undefined): void {
  drawn = release;
}

const perform = Sequencer.prototype.perform;

/** An object's environment is its own, so it is replaced before each command. */
Sequencer.prototype.perform = function (this: { env: object }, ...given: Parameters<typeof perform>) {
  const { PAYOUT_RELEASE: _, ...rest } = this.env as { PAYOUT_RELEASE?: string };
  this.env = { ...rest, ...(drawn !== undefined && { PAYOUT_RELEASE: drawn }) };
  return perform.apply(this as unknown as Sequencer, given);
} as unknown as typeof perform;
