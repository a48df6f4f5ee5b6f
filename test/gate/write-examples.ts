/**
 * `npm run examples`: writes the examples of the API's description, src/http/examples.json, from what tests were
 * answered, one line each. It is for after `npm test` and `npm run test:slow`, whose files leave what they reached.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../src/cli/wrangler.ts";
import { keyOf, readPromised, readReached } from "./answers.ts";
import { normalAnswer } from "./normal-answer.ts";

const promised = new Map((await readPromised()).filter(({ hasBody }) => hasBody).map((one) => [keyOf(one), one]));
const candidates = Map.groupBy(
  readReached().filter((one) => promised.has(keyOf(one)) && one.body !== undefined),
  keyOf,
);

const examples: Record<string, unknown> = {};
const answers: Record<string, Record<string, string>> = {};
const names = new Map<string, string>();
for (const key of [...candidates.keys()].sort()) {
  const { operationId, status, code, form } = promised.get(key) ?? { operationId: "", status: 0, form: "" };
  const best = (candidates.get(key) ?? [])
    .map(({ body }) => JSON.stringify(normalAnswer(body)))
    .sort(byWorth(status))[0];
  if (best === undefined) continue;
  const name = nameOf(code === undefined ? operationId : `${form}-${code}`, best, code !== undefined);
  examples[name] = JSON.parse(best);
  answers[operationId] = { ...answers[operationId], [[status, code].filter(Boolean).join(" ")]: name };
}
writeFileSync(join(root, "src/http/examples.json"), `{"answers":${lines(answers)},"examples":${lines(examples)}}\n`);
console.log(`${Object.keys(examples).length} examples of ${candidates.size} of ${promised.size} documented answers`);

/** Prints a member a line, by name. */
function lines(record: Record<string, unknown>): string {
  const members = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{\n${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",\n")}\n}`;
}

/** The shortest error says it best, and the success with the most in it, up to a page. */
function byWorth(status: number) {
  const worth = (text: string) => (status < 300 && text.length <= 3_000 ? -text.length : text.length);
  return (a: string, b: string) => worth(a) - worth(b) || (a < b ? -1 : 1);
}

/** Names an example. Equal errors are one example, whichever operation answers them. */
function nameOf(wanted: string, text: string, isShared: boolean): string {
  const known = isShared ? names.get(text) : undefined;
  if (known !== undefined) return known;
  const taken = new Set([...names.values(), ...Object.keys(examples)]);
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${count}`;
  names.set(text, name);
  return name;
}
