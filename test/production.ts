import { env } from "cloudflare:workers";

/**
 * The environment of a deployment: everything is as in the tests, except that it is no sandbox, and that its secrets
 * are not the published ones. The sealing key is the tests' own (vitest.config.ts), so that both can decrypt each
 * other's secrets.
 */
export const production = {
  ...env,
  SANDBOX: "",
  ADMIN_TOKENS: `tests:${"token-of-the-tests".repeat(2)}`,
  STRIPE_SECRET_KEY: "sk_test_of_the_tests",
  STRIPE_PUBLISHABLE_KEY: "pk_test_of_the_tests",
  STRIPE_WEBHOOK_SECRETS: "whsec_of_the_tests",
  TRANSFERS_TOKEN_KEYS: `tests:${btoa("a key of 32 bytes for the tests.")}`,
  TRANSFERS_ENCRYPTION_KEYS: "",
  MAIL_URL: "",
  MAIL_TOKEN: "",
};
