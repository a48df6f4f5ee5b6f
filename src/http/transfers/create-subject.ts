import * as z from "zod";
import { described, forDescription } from "../described";
import { freeForm } from "../free-form";
import { toEmail } from "../identifying-text";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { externalId, imageAddress, orNull, text } from "./fields";
import { envelopeOf, succeedWithNew } from "./print-success";
import { subjectObject, toSubject } from "./subject-object";

const emailMax = 200;
const email = () =>
  text(emailMax)
    .transform(toEmail)
    .meta(forDescription(() => ({ override: { type: "string", format: "email", maxLength: emailMax } })));

export const createSubject = defineRoute(transfersDialect, {
  operationId: "create-subject",
  method: "post",
  path: "/subjects",
  ...described(() => ({
    tag: "Subjects",
    summary: "Add a user of the application",
    bodyExample: { externalId: "user-42", displayName: "Alice", email: "alice@example.com" },
    responses: { 201: { description: "Created", schema: envelopeOf(subjectObject) } },
    errors: { 409: ["DUPLICATE_SUBJECT"] },
  })),
  access: "application",
  bodyLimitBytes: 32 * 1024,
  body: () =>
    z.object({
      externalId: externalId(),
      displayName: orNull(text(150)),
      email: orNull(email()),
      metadata: orNull(freeForm()),
      imageUrl: orNull(imageAddress()),
    }),
  async handle({ edge, caller, body, perform }) {
    const result = await perform({ name: "create-subject", input: { ...body, applicationId: caller.id } });
    return result.ok ? succeedWithNew(edge, "Subject created", toSubject(result.value, caller)) : result;
  },
});
