import * as z from "zod";
import type { Explained } from "../domain/explained-rows";
import type { Explanation } from "../domain/explanation";
import type { Doer } from "../domain/explanation-rules";
import { forDescription } from "./described";

/** Why something has not ended. */
export const explanationObject = forDescription(() =>
  z
    .strictObject({
      code: z.string().meta({ description: "Its sentence is in `/explanations.json`, under `codes`." }),
      since: z.iso.datetime(),
      next: z
        .strictObject({
          code: z.string().meta({ description: "Its sentence is there under `next`." }),
          at: z.iso.datetime().nullable(),
        })
        .nullable()
        .meta({ description: "What happens by itself; null if nothing does." }),
      call: z
        .strictObject({ who: z.string(), operationId: z.string(), method: z.string(), path: z.string() })
        .nullable()
        .meta({ description: "What somebody can do." }),
    })
    .meta({ id: "Explanation" }),
);

/** The same with what it is about. */
const explainedObject = forDescription(() =>
  z
    .strictObject({ about: z.strictObject({ kind: z.string(), id: z.string() }), ...explanationObject.shape })
    .meta({ id: "ExplainedThing" }),
);

/** All of them: empty if everything has ended. */
export const explanationsObject = forDescription(() => z.strictObject({ explanations: z.array(explainedObject) }));

export function toExplanation({ code, since, next, call }: Explanation) {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return { code, since: iso(since), next: next && { code: next.code, at: iso(next.at) }, call };
}

/** Prints explanations for somebody who has a part in it, and learns only of calls of their own. */
export function toExplanations(list: readonly Explained[], who?: Doer) {
  return {
    explanations: list.map(({ about, ...why }) => ({
      about,
      ...toExplanation(who === undefined || why.call?.who === who ? why : { ...why, call: null }),
    })),
  };
}
