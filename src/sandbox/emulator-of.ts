import type { StripeEmulator } from "./emulator";
import type { SandboxEnv } from "./env";

/** Returns the only emulator. */
export function emulatorOf(env: Pick<SandboxEnv, "EMULATOR">): DurableObjectStub<StripeEmulator> {
  return env.EMULATOR.get(env.EMULATOR.idFromName("stripe"));
}
