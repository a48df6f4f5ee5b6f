import { applyD1Migrations } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeAll } from "vitest";

/** Every file begins with nothing and with the wall's clock: the one before it may have shared its workerd. */
beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  await exports.default.fetch(new Request("http://localhost/sandbox/control/reset", { method: "POST" }));
});
