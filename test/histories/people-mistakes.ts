import type { Mistake } from "./mistakes.ts";

const erasing = "src/db/offers/delete-user.ts";
const guard = `deletedAt: sql\`case when \${isOpen} then 0 else \${nowMs} end\`,`;
const histories = "test/histories/histories.test.ts";

/** Possible mistakes with deletions, suspensions, quotas and claims, planted like those in mistakes.ts. */
export const peopleMistakes: readonly Mistake[] = [
  {
    name: "a person is deleted while money is under way",
    edits: [
      {
        file: "src/operations/offers/delete-user.ts",
        find: "if (awaited.length > 0) return",
        replace: "if (awaited.length > 99) return",
      },
      { file: erasing, find: guard, replace: "deletedAt: nowMs," },
    ],
    tests: [histories],
  },
  {
    name: "the batch that deletes does not look again",
    edits: [{ file: erasing, find: guard, replace: "deletedAt: isOpen === undefined ? 0 : nowMs," }],
    tests: ["test/operations/offers/deletion-races.test.ts"],
  },
  {
    name: "a deleted person's sessions go on",
    edits: [{ file: erasing, find: "    db.delete(accessTokens).where(eq(accessTokens.userId, id)),\n", replace: "" }],
    tests: ["test/http/offers/delete-profile.test.ts"],
  },
  {
    name: "a deleted person's phone stays in the directory",
    edits: [{ file: erasing, find: "eq(userPhones.userId, id),", replace: 'eq(userPhones.userId, ""),' }],
    tests: ["test/operations/offers/erased-rows.test.ts"],
  },
  {
    name: "a suspended person goes on",
    edits: [
      {
        file: "src/operations/operator/user-access.ts",
        find: "    setSuspended(deps.db, id, suspendedAt ?? deps.nowMs()),\n    deleteSessions(deps.db, id),\n",
        replace: "    setSuspended(deps.db, id, suspendedAt),\n",
      },
    ],
    tests: [histories],
  },
  {
    name: "what is stored in a day is not counted",
    edits: [
      {
        file: "src/durable/limiter.ts",
        find: "this.#spent = { day, ...after, windowMs: dayMs",
        replace: "this.#spent = { day, rows, bytes, windowMs: dayMs",
      },
    ],
    tests: [histories],
  },
  {
    name: "a full day refuses nobody",
    edits: [
      { file: "src/http/spending.ts", find: "day.allowed ? undefined : refused", replace: "refused && undefined" },
    ],
    tests: ["test/http/quotas.test.ts"],
  },
  {
    name: "the limit of what is open is not in the batch",
    edits: [
      {
        file: "src/db/while-room.ts",
        find: `sql\`case when \${already} < \${most} then \${createdAt} end\``,
        replace: `sql\`\${createdAt} + 0 * \${most} + 0 * (\${already})\``,
      },
    ],
    tests: [histories],
  },
  {
    name: "a repeat is refused on a full day",
    edits: [
      {
        file: "src/http/admit.ts",
        find: "if (stop && !(sentKey.ok && sentKey.key))",
        replace: "if (stop)",
      },
    ],
    tests: ["test/http/repeats-and-quotas.test.ts"],
  },
  {
    name: "a new request under a key is done on a full day",
    edits: [
      {
        file: "src/operations/once.ts",
        find: "  if (origin.onlyRepeats) {\n",
        replace: "  if (origin.onlyRepeats && false) {\n",
      },
    ],
    tests: [histories],
  },
  {
    name: "a repeat is counted",
    edits: [{ file: "src/http/serve.ts", find: "  if (replayed) await edge.day?.giveBack?.();\n", replace: "" }],
    tests: ["test/http/repeats-and-quotas.test.ts"],
  },
  {
    name: "what was counted ahead is never used up",
    edits: [{ file: "src/day-quota.ts", find: "    advance.spare = sum(spare, price, -1);\n", replace: "" }],
    tests: ["test/http/quotas.test.ts"],
  },
  {
    name: "a day is counted ahead to its end",
    edits: [{ file: "src/durable/limiter.ts", find: "isIn(afterTimes(1 + ahead), 0.5)", replace: "ahead >= 0" }],
    tests: ["test/durable/limiter.test.ts"],
  },
  {
    name: "a token's bucket is a part of what is stored",
    edits: [
      {
        file: "src/crypto/tokens.ts",
        find: 'token.replace(/^((?:acc|dev)_[\\w-]{43})[0-9a-f]{3}$/, "$1")',
        replace: "token",
      },
    ],
    tests: ["test/http/token-buckets.test.ts"],
  },
  {
    name: "a phone that was paid with is anybody's",
    edits: [
      {
        file: "src/operations/offers/decide-payment.ts",
        find: "...(checkout.input.phone ? [notePaidPhone(",
        replace: "...(checkout.input.phone === null ? [notePaidPhone(",
      },
    ],
    tests: ["test/http/offers/claimed-identities.test.ts"],
  },
  {
    name: "a second payment with a phone is not accepted",
    edits: [
      {
        file: "src/db/offers/users.ts",
        find: "values({ phone, userId }).onConflictDoNothing()",
        replace: "values({ phone, userId })",
      },
    ],
    tests: ["test/http/offers/claimed-identities.test.ts"],
  },
];
