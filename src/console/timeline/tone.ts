import type { Tone } from "../parts/icon";

const tones: Record<string, Tone> = {
  done: "good",
  processed: "good",
  succeeded: "good",
  delivered: "good",
  open: "open",
  pending: "open",
  received: "open",
  sent: "open",
  failed: "bad",
  refused: "bad",
  dead: "bad",
  stuck: "bad",
  unknown: "warn",
  skipped: "off",
  closed: "off",
  completed: "good",
  accepted: "good",
  paid: "good",
  ready: "good",
  captured: "good",
  active: "good",
  settled: "good",
  won: "good",
  rejected: "off",
  expired: "off",
  canceled: "off",
  reversed: "off",
  lost: "bad",
  held: "warn",
  uncertain: "warn",
  disputed: "warn",
  returned: "off",
  cancelled: "off",
};

/** How a state is told apart: by a sign, and by the word itself. */
export function toneOfState(state: string): { tone: Tone; state: string } {
  const name = state.toLowerCase();
  return { tone: tones[name] ?? "open", state: name || "open" };
}
