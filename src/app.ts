import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { buildDeps } from "./container";
import type { Cost } from "./cost";
import { attemptsAt, passwordsOf, takeFrom } from "./counters";
import { spendFrom } from "./day-quota";
import { type Environment, EnvironmentIncomplete, settingsOf as namedSettingsOf, readEnvironment } from "./env";
import { consolePage } from "./http/console-page";
import { setCrossOrigin } from "./http/cross-origin";
import { describedBy, descriptionRoute, postmanRoutes } from "./http/description";
import type { Edge, HttpEnv, SetUp } from "./http/edge";
import { basePath, mount } from "./http/mount";
import { hideNetwork } from "./http/network-of";
import { offersRoutes } from "./http/offers";
import { adminRoutes } from "./http/operator";
import { paymentsRoutes } from "./http/payments";
import { askedBy, codeOf, printRequestError } from "./http/print-error";
import { problemDialect } from "./http/problem/dialect";
import { listErrors } from "./http/problem/list-errors";
import { viewError } from "./http/problem/view-error";
import { type RequestIds, requestIdsOf } from "./http/request-id";
import type { Route } from "./http/route";
import { setSecurityHeaders } from "./http/security-headers";
import { printSecurityText, securityTextPath } from "./http/security-text";
import { originOf, shieldsOf } from "./http/shields";
import { statusRoutes } from "./http/status";
import { receiveStripeEvent } from "./http/stripe-events/receive-stripe-event";
import { transfersRoutes } from "./http/transfers";
import { webhookRoutes } from "./http/webhooks";
import { openLog } from "./log";
import { readDocument } from "./read-document";

/** The descriptions of the API, and the routes that each describes. */
export const descriptions = describedBy(
  { offers: offersRoutes, payments: paymentsRoutes, transfers: transfersRoutes },
  [...statusRoutes, listErrors, viewError, receiveStripeEvent, ...adminRoutes, ...webhookRoutes],
);

/** All routes of the API. The test suites run over the same list. */
export const routes: readonly Route[] = [
  ...statusRoutes,
  listErrors,
  viewError,
  receiveStripeEvent,
  ...descriptions.map(descriptionRoute),
  ...postmanRoutes,
  ...offersRoutes,
  ...paymentsRoutes,
  ...transfersRoutes,
  ...adminRoutes,
  ...webhookRoutes,
];

type AppEnv = HttpEnv & { Bindings: object };
type Settled = { edge: Edge; cost: Cost; sandbox: boolean };

/** Makes the HTTP application. `createApp().fetch(request, env, ctx)` never throws. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    const startedMs = Date.now();
    const ids = requestIdsOf(c.req.raw.headers);
    const settled = await settle(c, ids);
    if (settled) {
      c.set("edge", settled.edge);
      await next();
    } else {
      c.res = printRequestError(words, "unavailable", askedBy(c.req.raw, ids.shown, Date.now()));
    }
    finish(c, ids, settled, startedMs);
  });
  app.get(securityTextPath, (c, next) => {
    const { securityContact } = c.get("edge").settings;
    return securityContact === undefined ? next() : printSecurityText(securityContact, new URL(c.req.url), Date.now());
  });
  app.get("/console/*", (c, next) => consolePage(c.get("edge"), c.req.path) ?? next());
  mount(app as unknown as Hono<HttpEnv>, routes, (c) => c.get("edge").settings.corsOrigins);
  // Routes print their own request errors, so this error comes from outside them.
  app.onError((error, c) => {
    const ids = requestIdsOf(c.req.raw.headers);
    openLog(ids.logged).error("request_failed_outside_routes", error);
    return printRequestError(words, "failed", askedBy(c.req.raw, ids.shown, Date.now()));
  });
  return app;
}

const words = problemDialect as unknown as Route["dialect"];

/** Builds the context of one request. Returns undefined if the environment is invalid, which the log explains. */
async function settle(c: Context<AppEnv>, { shown, logged }: RequestIds): Promise<Settled | undefined> {
  try {
    const env = readEnvironment(c.env);
    const deps = await buildDeps(c.env, logged, undefined, !["GET", "HEAD"].includes(c.req.method));
    const { cost } = deps;
    const origin = originOf(c.req.raw.headers);
    const edge: Edge = {
      deps,
      requestId: shown,
      address: c.req.header("CF-Connecting-IP") ?? "unknown",
      network: hideNetwork(origin.name, env.STRIPE_SECRET_KEY, deps.nowMs()),
      settings: { ...settingsOf(env), setUp: () => setUpOf(c.env, env) },
      shields: shieldsOf(env, origin),
      quotas: quotasOf(env, { cost, nowMs: deps.nowMs, log: deps.log }, origin.name),
      attempts: attemptsAt(env, deps, origin.name),
      passwords: passwordsOf(env, deps),
      document: (path) => readDocument(env, path),
      page: (path) => env.ASSETS.fetch(`https://assets${path}`),
    };
    return { edge, cost, sandbox: env.SANDBOX };
  } catch (error) {
    const problems = error instanceof EnvironmentIncomplete ? { problems: error.problems } : {};
    openLog(logged).error("cannot_serve", error, problems);
    return undefined;
  }
}

function settingsOf(env: Environment): Omit<Edge["settings"], "setUp"> {
  return {
    adminTokens: env.ADMIN_TOKENS,
    corsOrigins: env.CORS_ORIGINS,
    sealingKeys: env.WEBHOOK_SEALING_KEYS,
    loopbackAllowed: env.SANDBOX,
    turnstileSecret: env.TURNSTILE_SECRET,
    publishableKey: env.STRIPE_PUBLISHABLE_KEY,
    tokenKeys: env.TRANSFERS_TOKEN_KEYS,
    tokenLifetimeSeconds: env.TRANSFERS_TOKEN_MINUTES * 60,
    encryptionKeys: env.TRANSFERS_ENCRYPTION_KEYS,
    admitsAtOnce: env.SANDBOX,
    securityContact: env.SECURITY_CONTACT,
  };
}

function setUpOf(raw: object, env: Environment): SetUp {
  const release = env.PAYOUT_RELEASE;
  return {
    mode: env.SANDBOX ? "sandbox" : env.livemode ? "live" : "test",
    settings: namedSettingsOf(raw),
    policies: {
      commissionBasisPoints: env.COMMISSION_BASIS_POINTS,
      payoutReleaseOn: release.on,
      payoutReleaseDays: release.on === "days" ? release.days : null,
      transferWindowMinutes: env.TRANSFER_WINDOW_MINUTES,
      tokenMinutes: env.TRANSFERS_TOKEN_MINUTES,
      registrationsPerHour: env.REGISTRATIONS_PER_HOUR,
      stripeTimeoutMs: env.STRIPE_TIMEOUT_MS,
      webhookTimeoutMs: env.WEBHOOK_TIMEOUT_MS,
    },
  };
}

/** Sixty initiations a minute by application, counted exactly (src/guides/decisions.md#rate-limits). */
const initiateQuota = { most: 60, windowSeconds: 60 };

function quotasOf(env: Environment, basics: Parameters<typeof spendFrom>[1], origin: string): Edge["quotas"] {
  const registerQuota = { most: env.REGISTRATIONS_PER_HOUR, windowSeconds: 3_600 };
  return {
    initiate: (id, uses) => takeFrom(env, basics, `initiate:${id}`, initiateQuota, uses),
    register: async (uses) =>
      registerQuota.most === 0 ? undefined : takeFrom(env, basics, `register:${origin}`, registerQuota, uses),
    day: (owner, price) => spendFrom(env, basics, owner, price),
  };
}

/**
 * Sets the headers of every answer, and logs one line about it without bodies, headers, secrets or personal data; one
 * more if it concerns security.
 */
function finish(c: Context<AppEnv>, ids: RequestIds, settled: Settled | undefined, startedMs: number): void {
  const { headers, status } = c.res;
  const { method, url } = c.req;
  headers.set("Request-Id", ids.shown);
  headers.set("Accord-Request-Id", ids.own);
  setSecurityHeaders(headers, url.startsWith("https:"));
  if (!settled) return;
  const { edge, cost, sandbox } = settled;
  if (edge.crossOrigin) setCrossOrigin(headers, c.req.raw, edge.settings.corsOrigins);
  if (sandbox) headers.set("Accord-Cost", printCost(cost));
  const { caller, network, about, securityEvent: kind, deps, pattern } = edge;
  const who = { caller, network, outcome: codeOf(c.res) ?? "ok" };
  if (kind) deps.log.info("security", { kind, ...who, about });
  deps.log.info("request", {
    method,
    route: pattern === undefined ? null : basePath + pattern,
    status,
    ...who,
    durationMs: Date.now() - startedMs,
    cost,
  });
}

function printCost({
  roundTrips,
  writes,
  rowsRead,
  rowsWritten,
  hops,
  stripeCalls,
  queueOperations,
  passwordHashes,
}: Cost): string {
  return `d1=${roundTrips};writes=${writes};read=${rowsRead};written=${rowsWritten};hops=${hops};stripe=${stripeCalls};queue=${queueOperations};hash=${passwordHashes}`;
}
