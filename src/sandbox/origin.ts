import { emulatorOf } from "./emulator-of";
import type { SandboxEnv } from "./env";

/** Requests that the sandbox sends to itself say nothing about the origin that people use. */
const FROM_OURSELVES = ["/api/v1/webhooks", "/sandbox/control/tick"];

let remembered = "";

/** Remembers the origin of people's last request, under which they find the hosted pages. */
export async function rememberOrigin(url: URL, env: SandboxEnv): Promise<void> {
  if (url.origin !== remembered && !FROM_OURSELVES.includes(url.pathname)) {
    await emulatorOf(env).setOrigin(url.origin);
    remembered = url.origin;
  }
}
