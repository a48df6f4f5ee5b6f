import * as z from "zod";
import { described, forDescription } from "../described";
import { defineRoute } from "../serve";
import { askForMail } from "./ask-for-mail";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { email, turnstileToken } from "./fields";

const message = "Password reset link sent.";

const acceptedObject = forDescription(() => data(z.strictObject({ message: z.literal(message) })));

export const requestPasswordReset = defineRoute(offersDialect, {
  operationId: "request-password-reset",
  method: "post",
  path: "/auth/password/email",
  ...described(() => ({
    tag: "Users",
    summary: "Ask for a link that resets the password",
    description:
      "The answer is the same whoever has the e-mail. The link works once, for fifteen minutes, and a newer one ends it; " +
      "within five minutes of a mail there is no other. It leads to `/reset-password?token=…&email=…` of the front end.",
    bodyExample: { email: "jana.nova@example.com" },
    responses: { 202: { description: "Asked for", schema: acceptedObject } },
    errors: { 422: ["turnstile_failed", "turnstile_required"] },
  })),
  access: "anyone",
  keyed: false,
  bodyLimitBytes: 16 * 1024,
  body: () => z.object({ email: email(), turnstileToken: turnstileToken() }),
  handle: ({ edge, body }) => askForMail(edge, "reset-password", body, { status: 202, body: { data: { message } } }),
});
