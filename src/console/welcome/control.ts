import { signal } from "@preact/signals";
import { beatNow } from "../pulse";

/** A fault that was planned for calls to Stripe. */
export interface Fault {
  seq: number;
  match: string;
  kind: string;
  times: number;
  fired: number;
}

/** A message in a box of the inbox. */
export interface Arrival {
  id: number;
  atMs: number;
  box: string;
  title: string;
  verdict: string;
}

/** The state of the sandbox. */
interface SandboxState {
  clock: { offsetSeconds: number; nowSeconds: number };
  faults: Fault[];
  outage: { kind: string; untilSeconds: number } | null;
  events: { mode: string; counts: Record<string, number> };
  arrivals: Arrival[];
}

export const sandbox = signal<SandboxState | undefined>(undefined);

/** Why the last control failed; undefined if it did not. */
export const controlFailure = signal<string | undefined>(undefined);

const everyMs = 2_000;

/** Uses a control of the sandbox, and returns its answer. Throws with its words if it refuses. */
async function control<Answer>(method: "GET" | "POST" | "DELETE", name: string, body?: object): Promise<Answer> {
  const init = body ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {};
  const response = await fetch(`/sandbox/control/${name}`, { method, ...init });
  const answer = await response.json();
  if (!response.ok) throw new Error(`The control ${name} was refused: ${(answer as { error?: string }).error}`);
  return answer as Answer;
}

/** Uses a control that changes something, and reads again what it may have changed. */
export async function change(method: "POST" | "DELETE", name: string, body?: object): Promise<boolean> {
  controlFailure.value = undefined;
  try {
    await control(method, name, body);
    return true;
  } catch (thrown) {
    controlFailure.value = thrown instanceof Error ? thrown.message : String(thrown);
    return false;
  } finally {
    beatNow();
    await look();
  }
}

/** Reads what the sandbox tells of itself. */
export async function look(): Promise<void> {
  try {
    sandbox.value = await control<SandboxState>("GET", "state");
  } catch {
    // The pulse says that the connection is lost.
  }
}

/** Looks every now and then, not while the page is hidden. Returns what ends it. */
export function keepLooking(): () => void {
  const timer = setInterval(() => !document.hidden && void look(), everyMs);
  void look();
  return () => clearInterval(timer);
}
