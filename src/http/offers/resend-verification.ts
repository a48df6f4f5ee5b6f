import * as z from "zod";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { askForMail } from "./ask-for-mail";
import { offersDialect } from "./dialect";
import { email, turnstileToken } from "./fields";

export const resendVerification = defineRoute(offersDialect, {
  operationId: "resend-verification",
  method: "post",
  path: "/auth/email/verify/resend",
  ...described(() => ({
    tag: "Users",
    summary: "Ask again for the link that verifies the e-mail",
    description:
      "The answer is the same whoever has the e-mail, verified or not. Within five minutes of a mail there is no other.",
    bodyExample: { email: "jana.nova@example.com" },
    responses: { 204: { description: "Asked for" } },
    errors: { 422: ["turnstile_failed", "turnstile_required"] },
  })),
  access: "anyone",
  keyed: false,
  bodyLimitBytes: 16 * 1024,
  body: () => z.object({ email: email(), turnstileToken: turnstileToken() }),
  handle: ({ edge, body }) => askForMail(edge, "verify-email", body, noContent),
});
