import {
  type ConnectedAccount,
  type ConnectedAccountAggregate,
  loadConnectedAccount,
  updateConnectedAccount,
} from "../../db/connected-accounts";
import { write } from "../../db/database";
import { accountState } from "../../domain/account";
import { type Result, refuse, success } from "../../domain/result";
import { retrieveConnectedAccount } from "../../stripe/connected-accounts";
import { record } from "../change";
import type { Input, Output } from "../commands";
import type { Deps } from "../deps";
import { catchUp, catchUpEveryMs } from "../events/catch-up";
import { connectedTypes } from "../events/handled-types";
import { accountNews } from "./account-news";
import { nextLookAtMs } from "./next-look";
import { resumeConnectedAccount } from "./resume-connected-account";

type Checked = Output<"check-connected-account">;

/**
 * Asks Stripe what an account can do now, and whether events of it were lost. Whoever causes it — a read, an event, the
 * clock — is not believed, only Stripe's present answer, so an old event cannot undo a newer fact (decisions P8). Refuses
 * `account_foreign` for one that is not there any more, and `stripe_unavailable`.
 */
export async function checkConnectedAccount(
  deps: Deps,
  { id }: Input<"check-connected-account">,
): Promise<Result<Checked>> {
  const aggregate = await settled(deps, id);
  if (!aggregate) return refuse("account_foreign");
  const { account } = aggregate;
  if (account.state === "failed" || account.state === "deleted") return refuse("account_foreign");
  if (!account.stripeId || account.state === "deleting") return refuse("stripe_unavailable", "a call is open");

  const asked = await retrieveConnectedAccount(deps.stripe, account.stripeId);
  // Deleted past us, or no longer connected to us: Stripe does not tell which, and it may come back.
  const isGone = !asked.ok && asked.failure.kind === "not_found";
  if (!asked.ok && !isGone) {
    await write(deps.db, [lookAgain(deps, account)]);
    return refuse("stripe_unavailable", asked.failure.message);
  }
  const details = asked.ok ? asked.value.details : null;
  const eventsReadAt = isGone ? account.eventsReadAt : await eventsRead(deps, account, account.stripeId);
  const seen = { ...account, ...stateOf(asked), eventsReadAt };
  return success({ account: await remember(deps, aggregate, seen), details });
}

/** A call that is open goes first: what it leads to is asked about. */
async function settled(deps: Deps, id: string): Promise<ConnectedAccountAggregate | undefined> {
  const aggregate = await loadConnectedAccount(deps.db, id);
  const isOpen = aggregate?.account.state === "creating" || aggregate?.account.state === "deleting";
  if (!isOpen) return aggregate;
  await resumeConnectedAccount(deps, { id });
  return loadConnectedAccount(deps.db, id);
}

function stateOf(
  asked: Awaited<ReturnType<typeof retrieveConnectedAccount>>,
): Pick<ConnectedAccount, "state" | "requirements"> {
  if (!asked.ok) return { state: "paused", requirements: [] };
  const { facts } = asked.value;
  return { state: accountState(facts, "payments"), requirements: facts.due };
}

/** Reads what Stripe has told of the account since the last time, and stores what never arrived. */
async function eventsRead(deps: Deps, { eventsReadAt }: ConnectedAccount, stripeId: string): Promise<number> {
  if (deps.nowMs() - eventsReadAt < catchUpEveryMs) return eventsReadAt;
  return catchUp(deps, { account: stripeId, types: connectedTypes }, eventsReadAt);
}

/** Writes down what is new, and tells the developer; a read that finds nothing new writes nothing. */
async function remember(
  deps: Deps,
  aggregate: ConnectedAccountAggregate,
  seen: ConnectedAccount,
): Promise<ConnectedAccount> {
  const { account } = aggregate;
  const nowMs = deps.nowMs();
  const { state, requirements, eventsReadAt } = seen;
  const changes = { state, requirements, eventsReadAt, checkedAt: nowMs, dueAt: nextLookAtMs(account, nowMs) };
  const isNew = state !== account.state || JSON.stringify(requirements) !== JSON.stringify(account.requirements);
  if (isNew) {
    await record(deps, aggregate, {
      name: "account-changed",
      actor: "stripe",
      data: { from: account.state, to: state },
      rows: [updateConnectedAccount(deps.db, account.id, changes)],
      events: [accountNews(seen)],
    });
  } else if (eventsReadAt !== account.eventsReadAt || isDue(account, nowMs)) {
    await write(deps.db, [updateConnectedAccount(deps.db, account.id, changes)]);
  }
  return { ...account, ...changes };
}

function isDue({ dueAt }: ConnectedAccount, nowMs: number): boolean {
  return dueAt === null || dueAt <= nowMs;
}

function lookAgain(deps: Deps, account: ConnectedAccount) {
  return updateConnectedAccount(deps.db, account.id, { dueAt: nextLookAtMs(account, deps.nowMs()) });
}
