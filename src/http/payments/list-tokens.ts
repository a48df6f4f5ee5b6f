import * as z from "zod";
import { selectDeveloperTokens } from "../../db/payments/developers";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { envelope, envelopeObject, statusMeta } from "./print-success";
import { tokenObject, toToken } from "./token-object";

export const listTokens = defineRoute(paymentsDialect, {
  operationId: "list-tokens",
  method: "get",
  path: "/developer-tokens",
  ...described(() => ({
    tag: "Tokens",
    summary: "The developer's tokens",
    description: "All that are live and the twenty that ended last, oldest first.",
    responses: {
      200: { description: "The tokens", schema: envelopeObject({ data: z.array(tokenObject), meta: statusMeta(200) }) },
    },
  })),
  access: "developer",
  scope: "any",
  async handle({ edge, caller: { developer, token }, request }) {
    const { db } = edge.deps;
    const [tokens] = await db.batch([selectDeveloperTokens(db, developer.id)]);
    const data = tokens.map((one) => toToken(one, token.prefix));
    return ok(envelope({ data, meta: { status_code: 200 } }, request));
  },
});
