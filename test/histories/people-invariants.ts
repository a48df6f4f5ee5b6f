import { rowsOf } from "../../src/http/prices";
import type { Invariant } from "./invariants";
import type { Snapshot } from "./snapshot";

/* Invariants after every step about who is gone, and about what an owner may store. */

const dayMs = 24 * 60 * 60 * 1_000;
/** What is counted right before midnight may be written right after it. */
const aroundMidnightMs = 10_000;

const personal = ["phone", "dateOfBirth", "registrationNumber", "billingAddress", "shippingAddress"] as const;
const theirs = ["company", "bankAccount", "regions", "newsletterSubscribedAt"] as const;

/** Who was answered to be deleted is, and nothing that names a deleted person is left. */
const deletedAreErased: Invariant = ({ rows, told }) => [
  ...[...told.deleted.keys()]
    .filter((id) => !rows.users.some((one) => one.id === id && one.deletedAt !== null))
    .map((id) => `${id} was told to be deleted, and is not`),
  ...deletedOf(rows).flatMap((user) => {
    const left = [...personal, ...theirs].filter((name) => user[name] !== null);
    const named = user.email !== "" || user.passwordHash !== "" ? ["email or password"] : [];
    const sessions = rows.accessTokens.some(({ userId }) => userId === user.id) ? ["sessions"] : [];
    const emails = rows.userEmails.some(({ userId }) => userId === user.id) ? ["the directory's e-mail"] : [];
    const phones = rows.userPhones.some(({ userId }) => userId === user.id) ? ["the directory's phone"] : [];
    const found = [...left, ...named, ...sessions, ...emails, ...phones];
    return found.length === 0 ? [] : [`deleted ${user.id} has still ${found}`];
  }),
];

/** The money of a deleted person is at rest: nothing is open, accepted or on its way, and no page can be paid. */
const deletedAreAtRest: Invariant = ({ rows, stripe }) =>
  deletedOf(rows).flatMap(({ id }) => {
    const cases = rows.testimonies.filter((one) => one.clientId === id || one.expertId === id);
    const open = rows.testimonies.filter(({ clientId, state }) => clientId === id && isOpen(state));
    const pages = rows.checkouts.filter(({ clientId }) => clientId === id);
    return [
      ...cases.filter(({ state }) => state === "accepted").map((one) => `testimony ${one.id} is accepted`),
      ...open.map((one) => `testimony ${one.id} is ${one.state}`),
      ...rows.offers
        .filter((one) => one.expertId === id && one.withdrawnAt === null && one.acceptedAt === null)
        .filter(({ testimonyId }) => isOpen(rows.testimonies.find((one) => one.id === testimonyId)?.state))
        .map((one) => `offer ${one.id} is live`),
      ...pages
        .filter(({ state }) => /claimed|processing|returning/.test(state))
        .map((one) => `${one.id} is ${one.state}`),
      ...pages
        .filter(({ sessionId }) => stripe.sessions.some((one) => one.id === sessionId && one.status === "open"))
        .map((one) => `page ${one.sessionId} can be paid`),
      ...rows.payouts
        .filter(({ expertId, state }) => expertId === id && /due|held|sending/.test(state))
        .map((one) => `payout ${one.id} is ${one.state}`),
    ].map((what) => `${id} was deleted, and ${what}`);
  });

/** A request that was refused for a quota has changed nothing. */
const refusedWroteNothing: Invariant = ({ rows, told }) =>
  rows.journal
    .filter(({ requestId }) => told.refused.has(requestId))
    .map(
      ({ name, aggregateId, requestId }) => `${requestId} was refused for a quota, and did ${name} of ${aggregateId}`,
    );

/** Nobody stores more in a day than the quota allows. */
const daysAreKept: Invariant = ({ rows, told }) => {
  const { quotas } = told;
  if (!quotas) return [];
  const stored = new Map<string, number>();
  const count = (owner: string, atMs: number, operationId: string) => {
    const isAtMidnight = atMs % dayMs < aroundMidnightMs || atMs % dayMs > dayMs - aroundMidnightMs;
    const key = `${owner} on day ${Math.floor(atMs / dayMs)}`;
    if (!isAtMidnight && atMs >= quotas.sinceMs) stored.set(key, (stored.get(key) ?? 0) + (rowsOf(operationId) ?? 0));
  };
  for (const { clientId, createdAt } of rows.testimonies) count(clientId, createdAt, "create-testimony");
  for (const { expertId, createdAt } of rows.offers) count(expertId, createdAt, "create-offer");
  for (const { clientId, createdAt } of rows.checkouts) count(clientId, createdAt, "start-checkout");
  for (const { senderAppId, createdAt } of rows.transfers) count(senderAppId, createdAt, "initiate-transfer");
  return [...stored]
    .filter(([, sum]) => sum > quotas.rowsPerDay)
    .map(([key, sum]) => `${key} stored ${sum} rows of ${quotas.rowsPerDay}`);
};

/** Nobody has more of a kind open than the quota allows. */
const openRowsAreKept: Invariant = ({ rows, told }) => {
  const { quotas } = told;
  if (!quotas) return [];
  const opened = new Map<string, number>();
  const count = (key: string) => opened.set(key, (opened.get(key) ?? 0) + 1);
  const stateOf = (testimonyId: string) => rows.testimonies.find(({ id }) => id === testimonyId)?.state;
  for (const { clientId, state } of rows.testimonies) if (isOpen(state)) count(`testimonies of ${clientId}`);
  for (const { expertId, testimonyId, withdrawnAt, acceptedAt } of rows.offers) {
    if (withdrawnAt === null && acceptedAt === null && isOpen(stateOf(testimonyId))) count(`offers of ${expertId}`);
  }
  for (const { clientId, payable, testimonyId } of rows.checkouts) {
    if (payable === 1 && stateOf(testimonyId) === "offered") count(`pages of ${clientId}`);
  }
  return [...opened].filter(([, sum]) => sum > quotas.open).map(([key, sum]) => `${sum} ${key}, of ${quotas.open}`);
};

function isOpen(state: string | undefined): boolean {
  return state === "pending" || state === "offered";
}

function deletedOf({ users }: Snapshot["rows"]): Snapshot["rows"]["users"] {
  return users.filter(({ deletedAt }) => deletedAt !== null);
}

export const always: Record<string, Invariant> = {
  deletedAreErased,
  deletedAreAtRest,
  refusedWroteNothing,
  daysAreKept,
  openRowsAreKept,
};
