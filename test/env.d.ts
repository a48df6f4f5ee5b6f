import type { D1Migration } from "cloudflare:test";
import type { SandboxEnv } from "../src/sandbox/env";

declare global {
  namespace Cloudflare {
    interface Env extends SandboxEnv {
      TEST_MIGRATIONS: D1Migration[];
      ASSETS: Fetcher;
      SEQUENCER: DurableObjectNamespace<import("../src/index").Sequencer>;
      DISPATCHER: DurableObjectNamespace<import("../src/index").Dispatcher>;
      LIMITER: DurableObjectNamespace<import("../src/index").Limiter>;
      COMMITTER: DurableObjectNamespace<import("../src/index").Committer>;
      STRIPE: Service<typeof import("../src/sandbox/index").StripeSandbox>;
    }
    interface GlobalProps {
      mainModule: typeof import("../src/sandbox/index");
    }
  }
}
