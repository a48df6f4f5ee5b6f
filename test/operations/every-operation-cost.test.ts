import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { offersRoutes } from "../../src/http/offers";
import { adminRoutes } from "../../src/http/operator";
import { paymentsRoutes } from "../../src/http/payments";
import { rowsOf } from "../../src/http/prices";
import { statusRoutes } from "../../src/http/status";
import { receiveStripeEvent } from "../../src/http/stripe-events/receive-stripe-event";
import { transfersRoutes } from "../../src/http/transfers";
import type { Cost } from "../cost";
import { everyOperation } from "../every-operation";
import type { LogLine } from "../every-operation/meter";
import { Journey } from "../journey";

/**
 * The cost that each operation may have: measured, with slack in the rows read, because the query planner decides on
 * those, and in what accept writes, because events find more readers. Everything that an operator may search for by its
 * id costs a row of an index: a checkout, a charge, a refund, a customer. A held payout costs a row of the index by
 * which a long-waiting one is found. The sweep checks what waits for a person, and records its end. A change reads
 * whether the database was restored with its first read, and by itself if it has none. A list that may be asked for by
 * cursor is read once its caller is known. A mail costs a row, one of an index and a message. A change of an owner's is
 * counted in the owner's day, which is a hop beside the first read. Raise a number only with a reason; lower it when the
 * operation got cheaper.
 */
const budgets = `
operation                                   d1  read  written  hops  stripe  queue
view-root                                    0     0        0     0       0      0
view-status                                  1     6        0     0       0      0
view-description                             0     0        0     0       0      0
view-offers-description                      0     0        0     0       0      0
view-postman-collection                      0     0        0     0       0      0
view-postman-environment                     0     0        0     0       0      0
register-client                              2     4        8     0       0      1
register-expert                              2     4        9     0       0      1
log-in                                       4    17        4     3       0      0
view-profile                                 1     4        0     0       0      0
update-profile                               3     9        2     1       0      0
update-profile, the password                 3    12        4     1       0      1
verify-email                                 4    11        2     0       0      0
resend-verification                          1     0        0     0       0      1
request-password-reset                       1     0        0     0       0      1
(queue) mail a link                          6     9        6     0       0      0
reset-password                               5    14        6     1       0      1
list-sessions                                2     7        0     0       0      0
end-session                                  3    13        2     0       0      0
list-users                                   1     3        0     0       0      0
view-user                                    2     5        1     0       0      0
suspend-user                                 4    10        6     0       0      0
restore-user                                 4     8        5     0       0      0
end-user-sessions                            4     7        4     0       0      0
open-payout-account                          5    10        9     2       2      0
open-payout-account, again                   3    12        0     2       1      0
view-payout-account                          2     5        0     0       0      0
create-testimony                             3     6        7     1       0      0
create-offer                                 4    11       10     2       0      0
create-offer, the second                     4    11        9     2       0      0
list-offers                                  2    11        0     0       0      0
view-testimony                               2    11        0     0       0      0
explain-testimony                            1    24        0     0       0      0
list-testimonies                             2    27        0     0       0      0
list-offerable-testimonies                   2    19        0     0       0      0
list-testimonies, by cursor                  2    50        0     0       0      0
list-offerable-testimonies, by cursor        2    90        0     0       0      0
withdraw-offer                               4    12        7     2       0      0
start-checkout                               5    16       14     2       1      0
start-checkout, the same page again          4    16        3     2       0      0
start-checkout, another page instead         9    38       20     2       2      0
view-checkout-session                        1     8        0     0       0      0
accept-offer, not paid yet                   4    21        3     2       1      0
accept-offer                                 4    25       26     2       1      1
(queue) pay the expert                       5    22       13     1       3      0
accept-offer, again                          4    25        3     2       0      0
list-notifications                           2     6        0     0       0      0
list-own-offers                              2    16        0     0       0      0
receive-stripe-event                         1     1        2     0       0      1
(queue) process an event                     4    23        3     1       0      0
receive-stripe-event, again                  1     1        0     0       0      1
(queue) process an event that came twice     1     3        0     0       0      0
list-stripe-events                           1     3        0     0       0      0
replay-stripe-event                          5     8        5     0       0      1
(queue) process a replayed event             4    23        3     1       0      0
close-stripe-event, not given up             4     6        3     0       0      0
settle-stripe-call, of none                  1     0        0     0       0      0
complete-testimony                           4    21        8     2       0      0
create-testimony, another                    3     6        7     1       0      0
cancel-testimony                             4    10        7     2       0      0
refund-testimony                             4    16       16     1       0      1
(queue) the first step of a refund           2    16       17     1       1      2
view-testimony-timeline                      2    68        0     0       0      0
view-attention                               1    25        0     0       0      0
begin-operator-session                       0     0        0     0       0      0
view-operator-session                        0     0        0     0       0      0
end-operator-session                         0     0        0     0       0      0
view-ledger                                  1    74        0     0       0      0
check-ledger                                 1   776        0     0       0      0
reconcile                                    1    43        0     0       3      0
open-books                                   5    60        5     0       1      0
retry-payout                                 4    30        8     1       0      1
(queue) pay the expert, held                 4    40       14     1       3      1
resolve-attention                            4    30        5     1       0      0
close-attention, of none                     5    50        3     0       0      0
release-payout                               4    40       12     1       2      1
(queue) pay the expert a part                6    30       13     1       3      0
list-users, one                              1     3        0     0       0      0
export-profile                               2    15        0     0       0      1
(queue) record an export                     2     6        1     0       0      0
delete-profile                               14   101       22     1       1      0
delete-user                                   6    38       10     0       0      0
log-out-everywhere                           3     8        2     0       0      0
log-out                                      3    13        2     0       0      0
put-order                                    3     8        3     2       0      0
put-order, changed                           3    12        2     2       0      0
view-order                                   2     6        0     0       0      0
create-payment                               5    15       16     2       1      0
create-payment, the same again               5    20        3     2       0      0
confirm-payment, declined                    6    28       12     2       1      0
confirm-payment                              6    29       18     2       2      0
(queue) process an event of an account       5    33        3     1       1      0
view-payment                                 1    12        0     0       0      0
explain-payment                              2    16        0     0       0      0
list-payments                                2    26        0     0       0      0
list-payments, after a cursor                2    25        0     0       0      0
list-payments, of a status                   2    60        0     0       0      0
refund-payment, a part                       6    41       22     2       2      0
refund-payment, the rest                     6    60       24     2       2      0
view-payment-refund                          1    10        0     0       0      0
explain-payment-refund                       1    10        0     0       0      0
list-payment-refunds                         2    24        0     0       0      0
list-payment-disputes                        2    12        0     0       0      0
view-payment-dispute, of none                1     8        0     0       0      0
capture-payment                              5    26       13     2       1      0
refund-payment, not captured yet             6    35       16     2       1      0
cancel-payment                               5    28       11     2       1      0
put-order, another                           3    11        3     2       0      0
cancel-order, with its transaction           7    35       15     2       1      0
view-payment-timeline                        2    85        0     0       0      0
attach-payment-method, the first             6    13       20     2       3      0
attach-payment-method                        5    17       15     2       2      0
attach-payment-method, a token               6    20       18     2       2      0
attach-payment-method, the same card         5    21       12     2       1      0
attach-payment-method, declined              5    24       11     2       2      0
attach-payment-method, on an account         6    29       19     2       3      0
list-payment-methods                         2    12        0     0       0      0
view-payment-method                          1     6        0     0       0      0
prefer-payment-method                        3    29        4     2       0      0
(queue) process an event about a method      5    26        6     1       1      0
remove-payment-method                        4    31        9     1       1      0
reconcile-accounts                           2    82        0     0       2      0
create-developer                             3     4        5     0       0      0
list-developers                              1     3        0     0       0      0
view-developer                               2     5        1     0       0      0
rotate-developer-token                       3    14        4     1       0      0
revoke-developer-token                       3    11        2     1       0      0
create-app, with a token not used yet        4    12        6     2       0      1
(queue) note the use of a token              1     2        1     0       0      0
create-app                                   4    12        6     2       0      0
list-apps                                    2     7        0     0       0      0
create-token                                 3    18        3     2       0      0
list-tokens                                  2     8        0     0       0      0
revoke-token                                 3    13        2     1       0      0
create-app-user                              4     7        7     1       0      0
open-connected-account                       6    12       16     2       2      0
open-connected-account, one that exists      7     8        3     2       0      0
create-onboarding-link                       1     5        0     0       1      0
(queue) follow an event about an account     5    15        7     1       1      0
(queue) follow one that tells nothing new    5    12        5     1       1      0
create-login-link                            1     5        0     0       1      0
view-connected-account                       1     5        0     0       1      0
list-connected-accounts                      2     6        0     0       0      0
delete-connected-account                     5    16        9     1       2      0
register-application                         3     4        5     0       0      0
issue-token, with a secret not used yet      2     4        1     0       0      0
issue-token                                  1     3        0     0       0      0
list-applications                            1     3        0     0       0      0
admit-application                            3     8        2     0       0      0
view-application                             2     5        0     0       0      0
update-application                           3     8        2     1       0      0
rotate-application-key                       3     8        2     1       0      0
rotate-application-webhook-secret            3    10        4     1       0      0
rotate-application-client-secret             3    13        4     1       0      0
end-application-client-secret                3    14        3     1       0      0
view-encryption-key                          0     0        0     0       0      0
create-subject                               3     3        6     1       0      0
list-subjects                                2     4        0     0       0      0
view-subject                                 1     4        0     0       0      0
create-tag                                   3     4        6     1       0      0
list-tags                                    2     4        0     0       0      0
update-tag                                   3     7        2     1       0      0
update-tag, on again                         3     7        2     1       0      0
update-tag, as it is                         3     7        0     1       0      0
resolve-tag                                  1     4        0     0       0      0
resolve-tag, a bare one                      1     4        0     0       0      0
initiate-transfer, the first between two     3    13       12     2       0      1
(dispatcher) tell the receiver               2     7        1     0       0      0
initiate-transfer                            3    13       10     2       0      1
(dispatcher) tell the receiver, again        2     7        1     0       0      0
list-pending-transfers                       2    20        0     0       0      0
accept-transfer                              3    24       10     1       0      1
(dispatcher) tell the sender                 2     7        1     0       0      0
accept-transfer, again                       3    10        0     1       0      0
view-transfer                                1     6        0     0       0      0
explain-transfer                             1     6        0     0       0      0
list-sent-transfers                          2    22        0     0       0      0
list-received-transfers                      2    22        0     0       0      0
list-transfer-webhooks                       1     6        0     0       0      0
view-receiver-webhook                        1     6        0     0       0      0
view-sender-webhook                          1     6        0     0       0      0
view-wallet                                  1     4        0     0       0      0
provision-wallet                             3     6        2     1       0      0
provision-wallet, another                     3     6        4     1       0      0
list-wallets                                 1     4        0     0       0      0
list-wallet-entries                          2     5        0     0       0      0
reject-transfer                              3    16        4     1       0      0
initiate-transfer, named                     4    15       11     2       0      1
cancel-transfer                              4    18        8     1       0      2
(queue) expire a transfer                    2    14        4     0       0      1
(dispatcher) tell a receiver that is gone    2     7        2     0       0      0
list-failed-transfer-webhooks                2     5        0     0       0      0
retry-transfer-webhook                       5    13        5     1       0      1
(dispatcher) tell the receiver once more     2     7        1     0       0      0
settle-day                                   8    61       11     1       0      0
settle-day, settled                          4     8        3     1       0      0
view-settlement-of-day                       2     6        0     0       0      0
view-settlement                              2     6        0     0       0      0
list-settlements                             2    11        0     0       0      0
view-transfer-timeline                       2    21        0     0       0      0
view-timeline                                2    90        0     0       0      0
view-pulse                                   2    42        0     0       0      0
view-system                                  0     0        0     0       0      0
list-all-testimonies                         1    10        0     0       0      0
view-testimony-of-any                        1    51        0     0       0      0
list-all-payments                            1     7        0     0       0      0
list-all-payments, of an app                 1    14        0     0       0      0
view-payment-of-any                          1    10        0     0       0      0
search                                       2    16        0     0       0      0
search, by an order                          2    40        0     0       0      0
list-all-accounts                            1     5        0     0       0      0
view-stripe-event                            1     3        0     0       0      0
list-stripe-calls                            1     3        0     0       0      0
list-all-transfers                           1    12        0     0       0      0
view-transfer-of-any                         1    64        0     0       0      0
list-all-wallets                             1     8        0     0       0      0
list-all-transfer-webhooks                   1     3        0     0       0      0
list-settlement-days                         1     4        0     0       0      0
view-settlement-day                          1     6        0     0       0      0
list-all-webhook-endpoints                   1     3        0     0       0      0
list-all-webhook-deliveries                  1     5        0     0       0      0
view-delivery-of-any                         1     6        0     0       0      0
resend-delivery-of-any                       4    23        6     0       0      1
recover-deliveries-of-any, counted           3    10        0     0       0      0
recover-deliveries-of-any, nothing           5    12        3     0       0      0
retry-webhook-of-any, of none                1    10        0     0       0      0
retry-stripe-call, of none                   1     0        0     0       0      0
settle-day-of-all, again                     4     9        3     0       0      0
refund-payment-of-any, tried                 3    32        0     0       0      0
refund-payment-of-any                        6    41       18     1       1      0
view-account-balances                        1   176        0     0       0      0
view-ledger, at a moment                     1    83        0     0       0      0
mark-restored                                3     9        6     0       0      0
view-restore                                 1     3        0     0       0      0
recover-lost-time, of a few refunds         12   120        0     6      12      0
end-recovery                                 3     4        4     0       0      0
(cron) sweep with nothing due                7    69        1     0       0      0
`;

const columns: Record<string, keyof Cost> = {
  d1: "roundTrips",
  read: "rowsRead",
  written: "rowsWritten",
  hops: "hops",
  stripe: "stripeCalls",
  queue: "queueOperations",
};

const journey = new Journey((request) => exports.default.fetch(request));
let logged: LogLine[] = [];

beforeEach(async () => {
  await journey.reset();
  logged = [];
  vi.spyOn(console, "info").mockImplementation((line: string) => void logged.push(JSON.parse(line)));
});
afterEach(() => vi.restoreAllMocks());

it("holds every operation to its budget", async () => {
  const allowed = parseBudgets();
  const costs = await everyOperation(journey, () => logged);
  const names = costs.map(({ operation }) => operation);
  expect(names.toSorted(), "every operation has a budget, and every budget an operation").toEqual(
    [...allowed.keys()].toSorted(),
  );
  const overruns = costs.flatMap(({ operation, cost }) =>
    Object.entries(columns)
      .map(([column, member]) => ({
        operation,
        column,
        cost: cost[member],
        budget: allowed.get(operation)?.[column] ?? 0,
      }))
      .filter(({ cost, budget }) => cost > budget),
  );
  expect(overruns).toEqual([]);
});

it("leaves no route without a budget", () => {
  const routes = [
    ...statusRoutes,
    receiveStripeEvent,
    ...offersRoutes,
    ...paymentsRoutes,
    ...transfersRoutes,
    ...adminRoutes,
  ];
  const counted = [...parseBudgets().keys()].map((name) => name.split(",")[0]);
  const uncounted = routes.map(({ contract }) => contract.operationId).filter((id) => !counted.includes(id));
  expect(uncounted).toEqual([]);
});

it("charges each change to its owner's day at what it writes", () => {
  const written = new Map<string, number>();
  for (const [name, { written: rows = 0 }] of parseBudgets()) {
    const operation = name.split(",")[0] ?? "";
    written.set(operation, Math.max(rows, written.get(operation) ?? 0));
  }
  const ofOwners = [...offersRoutes, ...paymentsRoutes, ...transfersRoutes].filter(
    ({ contract, access }) => contract.method !== "get" && access !== "anyone" && access !== "guest",
  );
  const prices = ofOwners.map(({ contract: { operationId } }) => [operationId, rowsOf(operationId)]);
  const expected = ofOwners.map(({ contract: { operationId } }) => [
    operationId,
    free.has(operationId) ? undefined : written.get(operationId),
  ]);
  expect(prices).toEqual(expected);
});

/** What ends a login or takes something away, and what writes nothing. */
const free = new Set([
  ...[
    "log-out",
    "log-out-everywhere",
    "end-session",
    "revoke-token",
    "end-application-client-secret",
    "delete-profile",
  ],
  ...["delete-connected-account", "remove-payment-method", "create-onboarding-link", "create-login-link"],
]);

function parseBudgets(): Map<string, Record<string, number>> {
  const [head = [], ...rows] = budgets
    .trim()
    .split("\n")
    .map((line) => line.split(/\s{2,}/));
  const names = head.slice(1);
  return new Map(
    rows.map(([operation = "", ...counts]) => [
      operation,
      Object.fromEntries(names.map((name, position) => [name, Number(counts[position])])),
    ]),
  );
}
