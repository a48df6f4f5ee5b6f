import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { groupMistakes } from "./histories/group-mistakes";
import { mistakes } from "./histories/mistakes";
import { paymentsMistakes } from "./histories/payments-mistakes";
import { peopleMistakes } from "./histories/people-mistakes";
import { transfersMistakes } from "./histories/transfers-mistakes";
import { missingImports } from "./histories/unknown-names";

/** The mistakes that `npm run test:sabotage` plants: each must fit the code as it is, or it proves nothing. */
const all = [...mistakes, ...paymentsMistakes, ...peopleMistakes, ...transfersMistakes, ...groupMistakes];

it("finds the place of every planted mistake, exactly once", () => {
  const unfit = all.flatMap(({ name, edits }) =>
    edits.flatMap(({ file, find }) => {
      const count = existsSync(file) ? readFileSync(file, "utf8").split(find).length - 1 : 0;
      return count === 1 ? [] : [`${name}: ${file} has ${count} times ${find}`];
    }),
  );
  expect(all.length).toBeGreaterThan(80);
  expect(unfit).toEqual([]);
});

it("finds every module that one imports", () => {
  expect(all.flatMap(missingImports)).toEqual([]);
});

it("finds every test that should catch one", () => {
  const missing = all.flatMap(({ name, tests }) =>
    tests.filter((path) => !existsSync(path)).map((path) => `${name}: ${path}`),
  );
  expect(missing).toEqual([]);
});
