import type { Mistake } from "./mistakes.ts";

const queue = "src/db/commit-queue.ts";
const groups = "src/db/group-commit.ts";
const tests = ["test/db/commit-queue.test.ts", "test/durable/group-commit.test.ts"];

/** Possible mistakes with group commit, planted like those in mistakes.ts. */
export const groupMistakes: readonly Mistake[] = [
  {
    name: "a member of a group gets another one's results",
    edits: [{ file: queue, find: "results.slice(start, end)", replace: "results.slice(0, statements.length)" }],
    tests,
  },
  {
    name: "a group that was refused is not split",
    edits: [{ file: queue, find: "if (group.length > 1 && isRefused(error)) {", replace: "if (group.length < 0) {" }],
    tests,
  },
  {
    name: "a group that may be written is sent again",
    edits: [{ file: queue, find: "group.length > 1 && isRefused(error)", replace: "group.length > 1" }],
    tests,
  },
  {
    name: "nobody sends what waits behind a group",
    edits: [{ file: queue, find: "if (next) next.call();", replace: "if (next) return;" }],
    tests,
  },
  {
    name: "a change is lost with the object that commits groups",
    edits: [{ file: groups, find: "if (!answer) return direct(batch);", replace: "if (!answer) return [];" }],
    tests,
  },
  {
    name: "batches that the journal does not guard are sent twice after an interruption",
    edits: [{ file: groups, find: '/^insert into "journal"/', replace: "/^/" }],
    tests,
  },
];
