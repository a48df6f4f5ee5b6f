import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { imageAddress, orNull, text } from "./fields";
import { envelopeOf, succeedWithNew } from "./print-success";
import { subjectObject, toSubject } from "./subject-object";

const emailMax = 200;
const email = z.email().refine(({ length }) => length <= emailMax, `must be at most ${emailMax} characters`);

export const createSubject = defineRoute(transfersDialect, {
  operationId: "create-subject",
  method: "post",
  path: "/subjects",
  ...described(() => ({
    tag: "Subjects",
    summary: "Add a user of the application",
    bodyExample: { externalId: "user-42", displayName: "Alice", email: "alice@example.com" },
    responses: { 201: { description: "Created", schema: envelopeOf(subjectObject) } },
    errors: [409],
  })),
  access: "application",
  body: z.object({
    externalId: text(255),
    displayName: orNull(text(150)),
    email: orNull(email.meta({ maxLength: emailMax })),
    metadata: orNull(z.record(z.string(), z.unknown())),
    imageUrl: orNull(imageAddress),
  }),
  async handle({ edge, caller, body, perform }) {
    const result = await perform({ name: "create-subject", input: { ...body, applicationId: caller.id } });
    return result.ok ? succeedWithNew(edge, "Subject created", toSubject(result.value, caller)) : result;
  },
});
