/** A change to one file. `find` must occur exactly once, so that an outdated mistake is noticed. */
export interface Edit {
  file: string;
  find: string;
  replace: string;
}

/** A possible mistake, and the tests that should catch it first. */
export interface Mistake {
  name: string;
  edits: readonly Edit[];
  tests: readonly string[];
}

const migration = "migrations/0000_accord.sql";
const settle = "src/operations/offers/settle-checkout.ts";
const unlocked: Edit = {
  file: "src/durable/sequencer.ts",
  find: "chain.last.then(() => this.#run(command, context))",
  replace: "this.#run(command, context)",
};

/** Mistakes that are planted one at a time. The first four kinds are those that cost money without being noticed. */
export const mistakes: readonly Mistake[] = [
  {
    name: "the transfer is not claimed before the call",
    edits: [
      {
        file: "src/operations/offers/advance-payout.ts",
        find: "      reserveCall(deps, order),\n",
        replace: "",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "the session is not claimed before the call",
    edits: [
      {
        file: "src/operations/offers/start-checkout.ts",
        find: "rows: [insertOpenCheckout(deps.db, checkout, deps.settings.openRows.checkouts), reserveCall(deps, order)],",
        replace: "rows: [insertOpenCheckout(deps.db, checkout, deps.settings.openRows.checkouts)],",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "a claimed call has no time to be looked at again",
    edits: [
      {
        file: "src/operations/effects.ts",
        find: "dueAt: createdAt + graceMs }",
        replace: "dueAt: null as unknown as number }",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "every attempt has a new idempotency key",
    edits: [
      {
        file: "src/operations/effects.ts",
        find: `\`\${effect.id}.\${current.generation}\``,
        replace: "crypto.randomUUID()",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "a new generation without asking what exists",
    edits: [
      {
        file: "src/operations/effects.ts",
        find: "  if (mustSearchFirst(deps, effect, await lostTimeOf(deps, effect.subjectId))) {\n    const found = await kind.find(deps, effect);\n",
        replace:
          "  if (mustSearchFirst(deps, effect, await lostTimeOf(deps, effect.subjectId))) {\n    const found = { ok: true as const, value: undefined as Value | undefined, failure: undefined as never };\n",
      },
    ],
    tests: ["test/operations/faults/once.test.ts"],
  },
  {
    name: "neither lock nor journal guard",
    edits: [
      unlocked,
      {
        file: migration,
        find: "PRIMARY KEY(`aggregate_id`, `version`)\n",
        replace: "PRIMARY KEY(`aggregate_id`, `version`, `change_id`)\n",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  { name: "no lock", edits: [unlocked], tests: ["test/durable/sequencer.test.ts"] },
  {
    name: "a replaced object goes on",
    edits: [
      {
        file: "src/durable/sequencer.ts",
        find: 'void this.ctx.storage.kv.get("current")',
        replace: "undefined",
      },
    ],
    tests: ["test/durable/replaced.test.ts"],
  },
  {
    name: "a change of a claimed call counts however late it comes",
    edits: [
      {
        file: "src/db/stripe-effects.ts",
        find: "} end`;",
        replace: "} else 'open' end`;",
      },
    ],
    tests: ["test/db/claimed-calls.test.ts"],
  },
  {
    name: "people are told nothing of a change",
    edits: [{ file: "src/operations/change.ts", find: "rows: [...rest.rows, ...notify(deps, events)],", replace: "" }],
    tests: ["test/operations/offers/told-sides.test.ts"],
  },
  {
    name: "what another hand gives back is told to nobody",
    edits: [
      {
        file: "src/operations/offers/record-refund-at-stripe.ts",
        find: "      events: [eventsOf(checkout, facts, isOwedAgain)],\n",
        replace: "",
      },
    ],
    tests: ["test/operations/offers/told-clients.test.ts"],
  },
  {
    name: "a client that hangs up ends its request",
    edits: [{ file: "src/index.ts", find: "ctx.waitUntil(answer);", replace: "void answer;" }],
    tests: ["test/durable/hung-up.test.ts"],
  },
  {
    name: "a commit that the platform dropped is not sent again",
    edits: [
      {
        file: "src/db/commit.ts",
        find: "if (isRepeat || !isPassing(error)) throw",
        replace: "if (isRepeat || isPassing(error) || error) throw",
      },
    ],
    tests: ["test/operations/lost-commit.test.ts"],
  },
  {
    name: "a run that begins anew has forgotten what it asked for",
    edits: [
      {
        file: "src/operations/of-request.ts",
        find: ": `run ",
        replace: ": crypto.randomUUID() + `run ",
      },
    ],
    tests: ["test/durable/replaced.test.ts"],
  },
  {
    name: "events are written after the batch",
    edits: [
      { file: "src/db/commit.ts", find: "      ...eventRows(db, change),\n", replace: "" },
      {
        file: "src/db/commit.ts",
        find: "export async function commit(db: Database, change: Change, isRepeat = false): Promise<Committed> {\n",
        replace: `export async function commit(db: Database, change: Change, isRepeat = false): Promise<Committed> {
  const written = await commitRest(db, change, isRepeat);
  if (written.ok) for (const row of eventRows(db, change)) await db.batch([row]);
  return written;
}

async function commitRest(db: Database, change: Change, isRepeat: boolean): Promise<Committed> {
`,
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "the idempotency key is settled after the batch",
    edits: [
      { file: "src/db/commit.ts", find: "      ...keyRows(db, change),\n", replace: "" },
      {
        file: "src/operations/change.ts",
        find: "  if (reservation && answer) reservation.settled = true;\n",
        replace: "",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "a complete session is believed to be paid",
    edits: [
      {
        file: "src/stripe/checkout.ts",
        find: 'if (session.payment_status === "paid") return "paid";',
        replace: 'if (session.status === "complete") return "paid";',
      },
    ],
    tests: ["test/operations/offers/unconfirmed-payment.test.ts"],
  },
  {
    name: "an event counts as processed before it is",
    edits: [
      {
        file: "src/operations/stripe-events/process-stripe-event.ts",
        find: "    const aggregateId = await process(deps, event);\n",
        replace: `    await write(deps.db, [updateEvent(deps.db, event, { state: "processed", dueAt: null })]);
    const aggregateId = await process(deps, event);
`,
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "a processed event is processed again",
    edits: [
      {
        file: "src/operations/stripe-events/process-stripe-event.ts",
        find: `  if (event.state !== "received") return done;
`,
        replace: "",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "an old account.updated is believed",
    edits: [
      {
        file: "src/operations/stripe-events/process-account-event.ts",
        find: '  await performForEvent(deps, { name: "check-payout-account", input: { userId: owner.subjectId } });\n',
        replace: `  const transfers = JSON.parse((event as StoredEvent).payload).data.object.capabilities?.transfers;
  const state = transfers === "active" ? ("ready" as const) : ("incomplete" as const);
  await deps.db.batch([updatePayoutAccount(deps.db, owner.subjectId, { state, dueAt: null })]);
`,
      },
      {
        file: "src/operations/stripe-events/process-account-event.ts",
        find: 'import type { StoredEvent } from "../../db/stripe-events";\n',
        replace:
          'import { updatePayoutAccount } from "../../db/offers/payout-accounts";\nimport type { StoredEvent } from "../../db/stripe-events";\n',
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "the database lets more go back of an offer's payment than came",
    edits: [
      {
        file: migration,
        find: `CHECK("checkouts"."refunded_minor" between 0 and "checkouts"."total_minor")`,
        replace: `CHECK("checkouts"."refunded_minor" >= 0)`,
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "two payouts of one payment",
    edits: [
      {
        file: migration,
        find: "CREATE UNIQUE INDEX `payouts_of_checkout`",
        replace: "CREATE INDEX `payouts_of_checkout`",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "whatever the SDK resolves with is the object",
    edits: [
      {
        file: "src/stripe/client.ts",
        find: "      return isOf(object, answer, mustHaveId)\n",
        replace: "      return answer !== undefined || mustHaveId || object\n",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "a timeout is a refusal",
    edits: [{ file: "src/stripe/failure.ts", find: 'unreachable: "unknown"', replace: 'unreachable: "refused"' }],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "half a cent goes to the even one",
    edits: [
      {
        file: "src/domain/offers/commission.ts",
        find: "+ 5_000n) / 10_000n);",
        replace:
          "+ (BigInt(priceMinor) * BigInt(commissionBasisPoints) % 20_000n === 5_000n ? 4_999n : 5_000n)) / 10_000n);",
      },
    ],
    tests: ["test/domain/money.test.ts"],
  },
  {
    name: "anybody may confirm anybody's session",
    edits: [
      {
        file: "src/http/offers/accept-offer.ts",
        find: '    if (checkout.clientId !== caller.id) return { refusal: "session_foreign" };\n',
        replace: "",
      },
      {
        file: "src/operations/offers/accept-offer.ts",
        find: 'if (by.actor === "client" && by.userId !== checkout.clientId) return refuse("session_foreign");',
        replace: "",
      },
    ],
    tests: ["test/http/offers/accept-offer.test.ts"],
  },
  {
    name: "any amount pays for an offer",
    edits: [{ file: settle, find: "    facts.totalMinor === checkout.totalMinor &&\n", replace: "" }],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "a losing payment is kept",
    edits: [
      {
        file: "src/operations/offers/decide-payment.ts",
        find: ", ...(refund?.rows ?? [])],",
        replace: "],",
      },
    ],
    tests: ["test/operations/offers/competing-payments.test.ts"],
  },
  {
    name: "a session that cannot be expired is expired",
    edits: [
      {
        file: "src/operations/offers/expire-checkout.ts",
        find: 'const isExpired = outcome.end === "done";',
        replace: "const isExpired = outcome.settle !== undefined;",
      },
    ],
    tests: ["test/operations/offers/checkout-races.test.ts"],
  },
  {
    name: "Stripe's fee is not posted",
    edits: [
      {
        file: "src/operations/offers/book-payment.ts",
        find: "    ...feePostings(checkout, charge),\n",
        replace: "",
      },
    ],
    tests: ["test/operations/offers/journey.test.ts"],
  },
  {
    name: "events are read without overlap",
    edits: [
      {
        file: "src/operations/stripe-events/catch-up.ts",
        find: "startOfSpan(readTo - overlapMs, ",
        replace: "startOfSpan(readTo, ",
      },
    ],
    tests: ["test/operations/stripe-lists.test.ts"],
  },
  {
    name: "Stripe is believed to know a key for years",
    edits: [
      {
        file: "src/operations/effects.ts",
        find: "const keyLifetimeMs = stripeKeyKeptMs - hourMs;",
        replace: "const keyLifetimeMs = 23 * 60 * 60 * 1000 * 1000;",
      },
    ],
    tests: ["test/operations/forgotten-keys.test.ts"],
  },
  {
    name: "a failed commit's journal is never asked",
    edits: [
      {
        file: "src/db/commit.ts",
        find: "      if (await isWritten(db, change)) return { ok: true, jobs: [] };\n",
        replace: "",
      },
    ],
    tests: ["test/operations/lost-commit.test.ts"],
  },
  {
    name: "put-off removed from the sweep",
    edits: [
      {
        file: "src/operations/settle-due-rows.ts",
        find: "const moved = await deps.db.batch([first, ...rest]);",
        replace: "const moved: unknown[][] = rest.map(() => []);",
      },
    ],
    tests: ["test/operations/sweep/starvation.test.ts"],
  },
  {
    name: "a payout waits for no release",
    edits: [
      {
        file: "src/operations/offers/hold-payout.ts",
        find: 'isAwaitingRelease(payout, deps.nowMs()) ? ["not_released"] : []',
        replace: "[]",
      },
    ],
    tests: ["test/operations/offers/payout-release.test.ts"],
  },
  {
    name: "an operator's decision about lost money releases early as well",
    edits: [
      {
        file: "src/operations/offers/release-payout.ts",
        find: "const isEarly = early && isAwaitingRelease(payout, deps.nowMs());",
        replace: "const isEarly = isAwaitingRelease(payout, deps.nowMs());",
      },
    ],
    tests: ["test/operations/offers/payout-release.test.ts"],
  },
  {
    name: "only the first held payout released",
    edits: [
      {
        file: "src/db/offers/payout-accounts.ts",
        find: `.where(and(eq(payouts.expertId, expertId), sql\`state = 'held' and holds <> '["not_released"]'\`))`,
        replace:
          ".where(and(eq(payouts.expertId, expertId), sql`id = (select id from payouts where state = 'held' limit 1)`))",
      },
    ],
    tests: ["test/operations/offers/payout.test.ts"],
  },
  {
    name: "one bad message spoils its batch",
    edits: [
      {
        file: "src/index.ts",
        find: 'deps.log.error("message_failed", error, { command: command.name, attempts: message.attempts });',
        replace: "throw error;",
      },
    ],
    tests: ["test/histories/guards.test.ts"],
  },
  {
    name: "a lost dispute no longer holds",
    edits: [
      {
        file: "src/domain/offers/payout.ts",
        find: `  if (isMore && money.lostMinor > 0) holds.push("dispute_lost");\n`,
        replace: "",
      },
    ],
    tests: ["test/operations/offers/held-payouts.test.ts"],
  },
  {
    name: "after a restore each repeat of an older call takes a new key",
    edits: [
      {
        file: "src/operations/effects.ts",
        find: "lost !== undefined && (generation === 0 || (sentAt ?? createdAt) < lost.markedAtMs)",
        replace: "lost !== undefined && (sentAt ?? createdAt) >= generation",
      },
    ],
    tests: ["test/operations/restore/offers.test.ts"],
  },
  {
    name: "a restore gives back what another deployment has sold",
    edits: [
      {
        file: "src/operations/restore/return-orphan.ts",
        find: "if (!isId(offerId) || !isOurs(deps, session))",
        replace: "if (!isId(offerId))",
      },
    ],
    tests: ["test/operations/restore/offers.test.ts"],
  },
];
