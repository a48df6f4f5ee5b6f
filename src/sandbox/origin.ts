import { emulatorOf } from "./emulator-of";
import type { SandboxEnv } from "./env";

/** What the sandbox sends to itself says nothing about where people are. */
const FROM_OURSELVES = ["/api/v1/webhooks", "/sandbox/control/tick"];

let remembered = "";

/** Hosted pages are to be found where people last asked for anything. */
export async function rememberOrigin(url: URL, env: SandboxEnv): Promise<void> {
  if (url.origin !== remembered && !FROM_OURSELVES.includes(url.pathname)) {
    await emulatorOf(env).setOrigin(url.origin);
    remembered = url.origin;
  }
}
