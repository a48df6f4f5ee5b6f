import type { Dialect, Explanation } from "../dialect";
import type { PaymentsCallers } from "./auth";
import { paymentsDialect, paymentsRequestErrors, plainError } from "./dialect";

const emailText = "Invalid request body. 'email' field is required.";

/**
 * The payments contract's adapter for opening an account: a body without a valid e-mail is 400 with one text, whatever
 * else is wrong with it.
 */
export const accountDialect: Dialect<PaymentsCallers> = {
  ...paymentsDialect,
  requestErrors: { ...paymentsRequestErrors, body_malformed: { status: 400, text: emailText } },
  explain(issues): Explanation {
    // A card number in the e-mail's place is reported like any other card number.
    const isAboutEmail = issues.some(({ path, code }) => path[0] === "email" && code !== "custom");
    if (isAboutEmail) return { text: emailText, errors: {}, requestError: "body_malformed" };
    return paymentsDialect.explain(issues);
  },
  envelope: (answer, errors, asked) =>
    answer.status === 400
      ? { mediaType: "application/json", members: { detail: answer.text } }
      : paymentsDialect.envelope(answer, errors, asked),
  errorSchema: (status) => (status === 400 ? plainError : paymentsDialect.errorSchema(status)),
};
