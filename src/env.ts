import * as z from "zod";
import { madeOnce } from "./domain/made-once";
import { commissionBasisPointsDefault } from "./domain/offers/commission";
import { openRowsDefault } from "./domain/quota";
import type { DeliveryJob } from "./domain/webhooks/delivery-job";
import type { Limiter } from "./durable/limiter";
import type { CommitterRpc, DispatcherRpc, SequencerRpc } from "./durable/rpc";
import type { Command } from "./operations/operations";
import { isPublished } from "./published-values";
import {
  aDay,
  buckets,
  encryptionKeys,
  isOrigin,
  list,
  namedTokens,
  openRows,
  optionalText,
  releaseRule,
  secretKeys,
} from "./setting-forms";
import { isLive, unsafeSettings } from "./unsafe-settings";

const variables = madeOnce(() =>
  z.object({
    STRIPE_SECRET_KEY: z
      .string({
        error: "is missing: run `npm start` for the sandbox, or put STRIPE_SECRET_KEY=sk_test_… into .dev.vars",
      })
      .regex(/^(sk|rk)_(test|live)_/, "must be a secret or restricted key of Stripe (sk_test_…, sk_live_…, rk_…)"),
    STRIPE_PUBLISHABLE_KEY: optionalText()
      .pipe(
        z
          .string()
          .regex(/^pk_(test|live)_/, "must be a publishable key of Stripe (pk_test_…, pk_live_…)")
          .optional(),
      )
      .optional(),
    STRIPE_WEBHOOK_SECRETS: list().default([]),
    /** The capabilities that experts' accounts request. `transfers` alone needs Stripe's approval. */
    EXPERT_CAPABILITIES: list()
      .pipe(
        z
          .array(z.enum(["card_payments", "transfers"], { error: "knows card_payments and transfers" }))
          .refine((names) => names.includes("transfers"), "must name transfers: payouts are transfers"),
      )
      .default(["card_payments", "transfers"]),
    STRIPE_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
    /** Whether payments are allowed in another currency than their account's, which Stripe converts. */
    CONVERTED_CURRENCIES: z.enum(["allow", "refuse"]).default("allow"),
    ADMIN_TOKENS: namedTokens().default([]),
    FRONTEND_URL: optionalText()
      .pipe(
        z
          .string()
          .regex(/^https?:\/\/./, "must be an http(s) URL: clients come back to it after paying")
          .optional(),
      )
      .transform((url) => url?.replace(/\/+$/, ""))
      .optional(),
    CORS_ORIGINS: list()
      .pipe(z.array(z.string().refine(isOrigin, "is no origin: https://name, without a path or a slash at the end")))
      .default([]),
    TURNSTILE_SECRET: optionalText().optional(),
    /** One line of security.txt, so it must not hold another. */
    SECURITY_CONTACT: optionalText()
      .pipe(
        z
          .string()
          .regex(/^(https:\/\/|mailto:[^\s@]+@)[^\s@]+$/, "must be an https: or mailto: address")
          .optional(),
      )
      .optional(),
    /** The sender of mails to users. Without it, and a way to send them, nobody gets a mail. */
    MAIL_FROM: optionalText().optional(),
    /** The address of an HTTP mailer; without it mails leave through the binding EMAIL. */
    MAIL_URL: optionalText()
      .pipe(
        z
          .string()
          .regex(/^https:\/\/.|^http:\/\/localhost[:/]/, "must be an https URL: mails hold links that reset passwords")
          .optional(),
      )
      .optional(),
    MAIL_TOKEN: optionalText().optional(),
    WEBHOOK_SEALING_KEYS: secretKeys().default([]),
    TRANSFERS_TOKEN_KEYS: secretKeys().default([]),
    TRANSFERS_ENCRYPTION_KEYS: encryptionKeys().default([]),
    TRANSFERS_TOKEN_MINUTES: z.coerce.number().int().min(1).max(1_440).default(60),
    /** The time that a receiver has to accept: 24 hours by default, a month at most. */
    TRANSFER_WINDOW_MINUTES: z.coerce.number().int().min(1).max(44_640).default(1_440),
    /** Registrations of applications by one address; 0 means that they are not counted. */
    REGISTRATIONS_PER_HOUR: z.coerce.number().int().min(0).max(1_000).default(10),
    USER_ROWS_PER_DAY: aDay(5_000),
    USER_BYTES_PER_DAY: aDay(10_000_000),
    DEVELOPER_ROWS_PER_DAY: aDay(2_000_000),
    DEVELOPER_BYTES_PER_DAY: aDay(2_000_000_000),
    APPLICATION_ROWS_PER_DAY: aDay(500_000),
    APPLICATION_BYTES_PER_DAY: aDay(500_000_000),
    OPEN_ROWS: openRows().default({ ...openRowsDefault }),
    WEBHOOK_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000).default(15_000),
    COMMISSION_BASIS_POINTS: z.coerce.number().int().min(0).max(10_000).default(commissionBasisPointsDefault),
    /** The moment from which experts' payouts are sent. */
    PAYOUT_RELEASE: releaseRule().default({ on: "accepted" }),
    MERCHANT_NAME: z.string().min(1).default("Accord"),
    /** The contracts whose changes are committed together with others while the database is busy. */
    GROUP_COMMIT: z.enum(["off", "transfers", "all"], { error: "must be off, transfers or all" }).default("off"),
    GROUP_COMMIT_CALM_MS: z.coerce.number().int().min(0).max(1_000).default(20),
    /** The buckets that new roots are made in: what a later database takes must be empty. */
    OPEN_BUCKETS: buckets().default({ first: 0, last: 63 }),
    PASSWORD_PARALLELISM: z.coerce.number().int().min(1).max(16).default(5),
    /**
     * The region in which Durable Objects are first created, near D1. The same value as the database's, which allows
     * these six.
     */
    LOCATION_HINT: optionalText()
      .pipe(z.enum(["weur", "eeur", "apac", "oc", "wnam", "enam"]).optional())
      .optional(),
    SANDBOX: z
      .string()
      .optional()
      .transform((text) => text === "true"),
  }),
);

/** The address to which a checkout returns without a front end: `wrangler dev` with a test key. */
const frontendUrlOfDevelopment = "http://localhost:8787";

const bindingNames = [
  "DB",
  "SEQUENCER",
  "DISPATCHER",
  "LIMITER",
  "COMMITTER",
  "WORK",
  "DELIVERIES",
  "SHIELD",
  "SECRETS",
  "TOKEN_REQUESTS",
  "APPLICATION_REQUESTS",
  "ASSETS",
] as const;

/** The sandbox's Stripe, which has more than a service binding in production. */
export type StripeStandIn = Pick<Fetcher, "fetch"> & { clockOffsetMs: () => Promise<number> };

interface Bindings {
  DB: D1Database;
  SEQUENCER: DurableObjectNamespace<SequencerRpc>;
  DISPATCHER: DurableObjectNamespace<DispatcherRpc>;
  LIMITER: DurableObjectNamespace<Limiter>;
  COMMITTER: DurableObjectNamespace<CommitterRpc>;
  WORK: Queue<{ command: Command }>;
  DELIVERIES: Queue<DeliveryJob>;
  SHIELD: RateLimit;
  SECRETS: RateLimit;
  TOKEN_REQUESTS: RateLimit;
  APPLICATION_REQUESTS: RateLimit;
  ASSETS: Pick<Fetcher, "fetch">;
  STRIPE?: StripeStandIn;
  /** Cloudflare's Email Service, where it is bound. */
  EMAIL?: Pick<SendEmail, "send">;
  /** The sandbox's network, which answers for its own inbox. */
  OUTSIDE?: Pick<Fetcher, "fetch">;
}

/** The parsed environment: every binding exists, every setting has its type. */
export type Environment = Bindings &
  z.output<ReturnType<typeof variables>> & { FRONTEND_URL: string; livemode: boolean };

/** The environment as the platform passes it, unchecked. */
export type RawEnvironment = object;

/**
 * Lists everything that is missing or malformed, in words for the person who can repair it. It is never shown to a
 * client.
 */
export class EnvironmentIncomplete extends Error {
  override name = "EnvironmentIncomplete";
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
  }
}

const parsed = new WeakMap<RawEnvironment, Environment>();

/** Parses the environment, once per isolate. Throws EnvironmentIncomplete. */
export function readEnvironment(raw: RawEnvironment): Environment {
  const known = parsed.get(raw);
  if (known) return known;
  const environment = parse(raw);
  parsed.set(raw, environment);
  return environment;
}

function parse(raw: RawEnvironment): Environment {
  const values = raw as Record<string, unknown>;
  const missing = bindingNames.filter((name) => values[name] === undefined).map((name) => `binding ${name} is missing`);
  const settings = variables().safeParse(raw);
  const wrong = settings.error?.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) ?? [];
  const problems = [...missing, ...wrong, ...publishedIn(values)];
  if (!settings.success || problems.length > 0) throw new EnvironmentIncomplete(problems);
  const livemode = isLive(settings.data.STRIPE_SECRET_KEY);
  const unsafe = unsafeSettings(settings.data);
  if (unsafe.length > 0) throw new EnvironmentIncomplete(unsafe);
  const frontendUrl = settings.data.FRONTEND_URL ?? (livemode ? undefined : frontendUrlOfDevelopment);
  if (frontendUrl === undefined) {
    throw new EnvironmentIncomplete(["FRONTEND_URL is missing: clients come back to it after paying"]);
  }
  return { ...(raw as Bindings), ...settings.data, FRONTEND_URL: frontendUrl, livemode };
}

/** Lists the names of all settings, and whether each is set. */
export function settingsOf(raw: RawEnvironment): { name: string; isSet: boolean }[] {
  const values = raw as Record<string, unknown>;
  return Object.keys(variables().shape).map((name) => ({ name, isSet: Boolean(values[name]) }));
}

/** Lists the problems of these settings without those of missing ones. For `npm run deploy`. */
export function malformedSettings(values: Record<string, string>): string[] {
  const read: Record<string, unknown> = {};
  const wrong = Object.entries(variables().shape).flatMap(([name, setting]) => {
    if (values[name] === undefined) return [];
    const one = setting.safeParse(values[name]);
    read[name] = one.data;
    return (one.error?.issues ?? []).map((issue) => `${name} ${issue.message}`);
  });
  return [...wrong, ...unsafeSettings(read)];
}

/** Lists settings whose value is printed in the repository. Only the sandbox may have such values. */
function publishedIn(values: Record<string, unknown>): string[] {
  if (values.SANDBOX === "true") return [];
  return Object.keys(variables().shape)
    .filter((name) => isPublished(String(values[name] ?? "")))
    .map((name) => `${name} holds a value that is printed in the repository: put one of your own there`);
}
