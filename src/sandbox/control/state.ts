import { emulatorOf } from "../emulator-of";
import type { SandboxEnv } from "../env";
import { inboxOf } from "../inbox/receive";
import { verify } from "../inbox/verify";

/** The most arrivals that are told; the boxes have all. */
const TOLD = 20;

/** Tells in one answer what somebody who looks on wants to know: the clock, what is broken, and what arrived last. */
export async function state(env: SandboxEnv): Promise<unknown> {
  const [emulator, inbox] = [emulatorOf(env), inboxOf(env)];
  const [clock, { faults, outage }, events, arrived] = await Promise.all([
    emulator.clock(),
    emulator.broken(),
    emulator.eventMode(),
    inbox.latest(TOLD),
  ]);
  const arrivals = arrived.map(async ({ secrets, box, ...one }) => {
    const { id, atMs, headers, body } = one;
    const title = headers["x-idaas-event"] ?? titleOf(body); // the body may be encrypted
    return { id, atMs, box, title, verdict: await verify(one, secrets) };
  });
  return { clock, faults, outage, events, arrivals: await Promise.all(arrivals) };
}

/** Names a message: the type of an event, or the subject of a mail. Anybody may have posted anything. */
function titleOf(body: string): string {
  try {
    const { type, eventType, subject } = (JSON.parse(body) ?? {}) as Record<string, unknown>;
    return [type, eventType, subject].find((one) => typeof one === "string")?.toString() ?? "";
  } catch {
    return "";
  }
}
