import * as z from "zod";
import { addressMark } from "../../crypto/link-secret";
import { hashToken } from "../../crypto/tokens";
import { mailById } from "../../db/offers/mails";
import { described, forDescription } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { limit } from "./credentials";
import { offersDialect } from "./dialect";
import { text } from "./fields";

export const verifyEmail = defineRoute(offersDialect, {
  operationId: "verify-email",
  method: "get",
  path: "/auth/email/verify/:userId/:hash",
  ...described(() => ({
    tag: "Users",
    summary: "Verify an e-mail with the link that was mailed",
    description:
      "The mail leads to `/verify-email?url=…` of the front end, where `url` is the path and the query of this request. The " +
      "link works once, for fifteen minutes, and only while the user has that e-mail.",
    responses: { 204: { description: "Verified" } },
    errors: { 409: ["email_verified"], 422: ["link_invalid"] },
  })),
  access: "anyone",
  params: () =>
    z.object({
      userId: z.string().meta(forDescription(() => ({ description: "As it stands in the link." }))),
      hash: z.string().meta(forDescription(() => ({ description: "As it stands in the link." }))),
    }),
  query: () =>
    z.object({
      expires: text().meta(forDescription(() => ({ description: "As it stands in the link, like `signature`." }))),
      signature: text(),
    }),
  load: ({ db, params: { userId = "" } }) => [mailById(db, { userId, id: "verify-email" })],
  find: ([[mail]]) => mail ?? null,
  async handle({ edge, params: { userId = "", hash }, query: { expires, signature }, found: mail, perform }) {
    const stop = await limit(edge, "verify", signature);
    if (stop) return stop;
    const isOfMail =
      mail && hash === addressMark(mail.address) && expires === String(Math.floor(mail.expiresAt / 1000));
    if (!isOfMail) return { refusal: "link_invalid" };
    const result = await perform({ name: "verify-email", input: { userId, linkHash: hashToken(signature) } });
    return result.ok ? noContent : result;
  },
});
