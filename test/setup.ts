import { applyD1Migrations } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import Stripe from "stripe";
import { afterAll, beforeAll } from "vitest";
import { noteAnswers, takeReached } from "./reached";

/**
 * Every file begins with an empty database and the wall clock, because the one before it may have used the same
 * workerd.
 */
beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  await exports.default.fetch(new Request("http://localhost/sandbox/control/reset", { method: "POST" }));
});

// The SDK waits half a second before it repeats a call. Hundreds of failing calls would wait for nothing.
Stripe.prototype.getInitialNetworkRetryDelay = () => 0.01;

noteAnswers();

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures a hook needs: none.
afterAll(({}, file) => {
  file.meta.reached = takeReached();
});
