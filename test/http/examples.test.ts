import { describe, expect, it } from "vitest";
import { routes } from "../../src/app";
import { promisedAnswers } from "../../src/http/documented-errors";
import recorded from "../../src/http/examples.json";

const { answers, examples } = recorded as {
  answers: Record<string, Record<string, string>>;
  examples: Record<string, { code?: string; errorCode?: string }>;
};
const howTo = "run the test that reaches it, then `npm run examples`";

/** The description's examples were recorded from tests. Here they are held to what the routes document now. */
describe("the examples of answers", () => {
  it.each(routes.map((route) => [route.contract.operationId, route] as const))("%s has each", (operationId, route) => {
    const promised = promisedAnswers(route).filter(({ hasBody }) => hasBody);
    const keys = promised.map(({ status, code }) => [status, ...(code ? [code] : [])].join(" "));
    expect(Object.keys(answers[operationId] ?? {}).sort(), howTo).toEqual(keys.toSorted());
    for (const { status, code } of promised) {
      const key = [status, ...(code ? [code] : [])].join(" ");
      const example = examples[answers[operationId]?.[key] ?? ""];
      const { documented } = route.dialect;
      const schema = code === undefined ? route.contract.responses[status]?.schema : documented.errorSchema(status);
      expect(schema?.safeParse(example).error, `${operationId} ${key}: ${howTo}`).toBeUndefined();
      if (code !== undefined) expect(example?.code ?? example?.errorCode).toBe(code);
    }
  });

  it("are all of some operation", () => {
    const used = new Set(Object.values(answers).flatMap((ofOperation) => Object.values(ofOperation)));
    expect(Object.keys(examples).filter((name) => !used.has(name))).toEqual([]);
    const operations = routes.map(({ contract }) => contract.operationId);
    expect(Object.keys(answers).filter((operationId) => !operations.includes(operationId))).toEqual([]);
  });

  it("hold nothing of the machine that recorded them", () => {
    const text = JSON.stringify(examples);
    expect(text).not.toMatch(/localhost|127\\.0\\.0\\.1|admin_sandbox/);
  });
});
