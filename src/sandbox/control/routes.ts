import type { ControlResult } from "../controlled-stripe";
import { EVENT_MODES } from "../core/deliveries";
import { FAULT_KINDS } from "../core/faults";
import { match } from "../core/matching";
import { emulatorOf } from "../emulator-of";
import type { SandboxEnv } from "../env";
import { INBOX_MODES } from "../inbox/inbox";
import { inboxOf } from "../inbox/receive";
import { verify } from "../inbox/verify";
import { messagesConsumed } from "../messages-underway";
import { ACCOUNT_STATUSES, type AccountStatus } from "../stripe/account-status";
import { FEE_MODES } from "../stripe/collect";
import { FILLABLE_LISTS } from "../stripe/fill-list";
import { PLATFORM_TERMS } from "../stripe/platform-terms";
import { controlBalance, controlConversion, controlPayouts } from "./balance";
import { type Body, badRequest, integerOf, oneOf, readBody, textOf, type Wrong } from "./body";
import { controlDisputes, controlRefunds, controlReversals } from "./money-back";
import { printed } from "./printed";
import { resetDatabase } from "./reset-database";
import { state } from "./state";
import { runScheduled, runUntilQuiet, type ScheduledHandler } from "./time";

export interface Control {
  env: SandboxEnv;
  /** The application's cron handler. */
  scheduled: ScheduledHandler;
  /** The query of the request. */
  query: URLSearchParams;
}

/** Longer than work takes that is not stuck. */
const RESET_PATIENCE_MS = 3_000;

type Operation = (control: Control, body: Body) => Promise<unknown>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET /sandbox/control/state": ({ env }) => state(env),
  "GET /sandbox/control/clock": ({ env }) => emulatorOf(env).clock(),
  "POST /sandbox/control/clock": moveClock,
  "POST /sandbox/control/tick": async ({ env, scheduled }) => ({ errors: await runScheduled(env, scheduled) }),

  "GET /sandbox/control/faults": ({ env }) => emulatorOf(env).broken(),
  "POST /sandbox/control/faults": planFault,
  "DELETE /sandbox/control/faults": async ({ env }) => {
    await emulatorOf(env).clearFaults();
    return emulatorOf(env).broken();
  },

  "POST /sandbox/control/latency": async ({ env }, body) => {
    const milliseconds = integerOf(body, "milliseconds", { smallest: 0, largest: 30_000 });
    await emulatorOf(env).setLatency(milliseconds);
    return { milliseconds };
  },

  "GET /sandbox/control/events": ({ env }) => emulatorOf(env).eventMode(),
  "POST /sandbox/control/events": async ({ env }, body) => {
    await emulatorOf(env).setEventMode(oneOf(body, "mode", EVENT_MODES));
    return emulatorOf(env).eventMode();
  },
  "POST /sandbox/control/events/flush": ({ env }, body) =>
    emulatorOf(env).flushEvents(integerOf(body, "copies", { smallest: 1, largest: 1000, otherwise: 1 })),

  "POST /sandbox/control/outage": planOutage,

  "POST /sandbox/control/refunds": ({ env }, body) => controlRefunds(env, body),
  "POST /sandbox/control/reversals": ({ env }, body) => controlReversals(env, body),
  "POST /sandbox/control/fees": async ({ env }, body) => {
    const mode = oneOf(body, "mode", FEE_MODES);
    await emulatorOf(env).setFeeMode(mode);
    return { mode };
  },
  "POST /sandbox/control/conversion": ({ env }, body) => controlConversion(env, body),
  "POST /sandbox/control/platform": async ({ env }, body) => {
    const named = Object.entries(body).filter(([name]) => PLATFORM_TERMS.includes(name));
    return emulatorOf(env).setPlatformTerms(Object.fromEntries(named.map(([name, value]) => [name, value === true])));
  },
  "POST /sandbox/control/accounts": putAccount,
  "POST /sandbox/control/customers": async ({ env }, body) => {
    oneOf(body, "status", ["deleted"]);
    const left = printed(await emulatorOf(env).deleteCustomer(textOf(body, "customer")));
    await emulatorOf(env).deliver();
    return left;
  },
  "POST /sandbox/control/disputes": ({ env }, body) => controlDisputes(env, body),
  "POST /sandbox/control/fill": fill,
  "POST /sandbox/control/balance": ({ env }, body) => controlBalance(env, body),
  "POST /sandbox/control/payouts": ({ env }, body) => controlPayouts(env, body),

  "GET /sandbox/control/requests": async ({ env, query }) => {
    const wanted = query.get("match");
    const requests = await emulatorOf(env).requests();
    return {
      requests:
        wanted === null ? requests : requests.filter((entry) => match(wanted, entry.method, entry.path) !== null),
    };
  },
  "GET /sandbox/control/inbox": async ({ env, query }) => {
    const box = query.get("box") ?? "main";
    const inbox = inboxOf(env);
    const state = await inbox.state(box);
    const list = await inbox.received(box, 5_000);
    const received = await Promise.all(
      list.map(async (one) => ({ ...one, verdict: await verify(one, state.secrets) })),
    );
    return { box, ...state, received };
  },
  "POST /sandbox/control/inbox": async ({ env }, body) => {
    const box = textOf(body, "box");
    const secrets = Array.isArray(body.secrets) ? { secrets: body.secrets.map(String) } : {};
    const mode = body.mode === undefined ? {} : { mode: oneOf(body, "mode", INBOX_MODES) };
    return inboxOf(env).tell(box, { ...mode, ...secrets });
  },
  "POST /sandbox/control/reset": async ({ env }) => {
    // Work that is still under way would write into the emptied tables, and waits for boxes that hold.
    await inboxOf(env).reset();
    await emulatorOf(env).idle();
    await messagesConsumed(RESET_PATIENCE_MS);
    await inboxOf(env).reset();
    await emulatorOf(env).reset();
    return { reset: true, rowsDeleted: await resetDatabase(env.DB) };
  },
};

/** Answers `/sandbox/control/…`, by which people and tests move the clock, cause faults, and inspect what happened. */
export async function answerControl(request: Request, env: SandboxEnv, scheduled: ScheduledHandler): Promise<Response> {
  const url = new URL(request.url);
  const operation = OPERATIONS[`${request.method} ${url.pathname}`];
  if (!operation) {
    return Response.json({ error: "There is no such control.", controls: Object.keys(OPERATIONS) }, { status: 404 });
  }
  try {
    const body = request.method === "POST" ? await readBody(request) : {};
    return Response.json(await operation({ env, scheduled, query: url.searchParams }, body));
  } catch (error) {
    if (isWrong(error)) {
      return Response.json({ error: error.message }, { status: error.status });
    }
    throw error;
  }
}

function isWrong(error: unknown): error is Wrong {
  return error instanceof Error && error.name === "Wrong";
}

async function moveClock({ env, scheduled }: Control, body: Body): Promise<unknown> {
  const seconds = integerOf(body, "advanceSeconds", { smallest: -86_400 * 366, largest: 86_400 * 366 });
  await emulatorOf(env).advance(seconds);
  const errors = await runUntilQuiet(env, scheduled);
  return { ...(await emulatorOf(env).clock()), ...(errors.length > 0 && { errors }) };
}

async function planFault({ env }: Control, body: Body): Promise<unknown> {
  const pattern = textOf(body, "match");
  if (!/^(GET|POST|DELETE) \/v1(\/[^/\s]+)+$/.test(pattern)) {
    throw badRequest("match is a method and a whole path, as in POST /v1/transfers/*/reversals");
  }
  const times = integerOf(body, "times", { smallest: 1, largest: 1_000_000, otherwise: 1 });
  await emulatorOf(env).addFault(pattern, oneOf(body, "kind", FAULT_KINDS), times);
  return emulatorOf(env).broken();
}

/** Makes every request of the application fail until so many seconds of the clock have passed. */
async function planOutage({ env }: Control, body: Body): Promise<unknown> {
  const kind = body.kind === undefined ? "500" : oneOf(body, "kind", FAULT_KINDS);
  await emulatorOf(env).beginOutage(kind, integerOf(body, "seconds", { smallest: 1, largest: 86_400 * 30 }));
  return emulatorOf(env).broken();
}

async function putAccount({ env }: Control, body: Body): Promise<unknown> {
  const status = oneOf(body, "status", [...ACCOUNT_STATUSES, "deauthorized", "deleted"]);
  const emulator = emulatorOf(env);
  const id = textOf(body, "account");
  const account = printed(await change(emulator, id, status));
  await emulator.deliver();
  return account;
}

function change(
  emulator: ReturnType<typeof emulatorOf>,
  id: string,
  status: AccountStatus | "deauthorized" | "deleted",
): Promise<ControlResult> {
  if (status === "deauthorized") return emulator.deauthorize(id);
  return status === "deleted" ? emulator.deleteAccount(id) : emulator.putAccount(id, status);
}

/** Makes a list long: so many entries, spread over a span of time, that are computed when a page is read. */
async function fill({ env }: Control, body: Body): Promise<unknown> {
  const largest = 100_000_000_000;
  const fromSeconds = integerOf(body, "from", { smallest: 1, largest });
  const filled = {
    list: oneOf(body, "kind", FILLABLE_LISTS),
    account: body.account === undefined ? "" : textOf(body, "account"),
    type: body.type === undefined ? null : textOf(body, "type"),
    count: integerOf(body, "count", { smallest: 1, largest: 1_000_000 }),
    fromSeconds,
    toSeconds: integerOf(body, "to", { smallest: fromSeconds, largest }),
  };
  return printed(await emulatorOf(env).fill(filled));
}
