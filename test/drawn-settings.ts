import sandbox, { Sequencer } from "../src/sandbox/index";

let drawn: Record<string, string> = {};

/**
 * Sets variables of the environment for all requests and commands from now on; those that are left out are as they were
 * at first.
 */
export function drawSettings(settings: Record<string, string>): void {
  drawn = settings;
}

/** Sets PAYOUT_RELEASE alone; undefined for the default. */
export function setPayoutRelease(release: string | undefined): void {
  drawSettings(release === undefined ? {} : { PAYOUT_RELEASE: release });
}

const { fetch } = sandbox;
sandbox.fetch = (request, bindings, ctx) => fetch(request, { ...bindings, ...drawn }, ctx);

const perform = Sequencer.prototype.perform;

/** An object's environment is its own, so it is replaced before each command. */
Sequencer.prototype.perform = function (this: { env: object }, ...given: Parameters<typeof perform>) {
  const { PAYOUT_RELEASE: _, ...rest } = this.env as { PAYOUT_RELEASE?: string };
  this.env = { ...rest, ...drawn };
  return perform.apply(this as unknown as Sequencer, given);
} as unknown as typeof perform;
