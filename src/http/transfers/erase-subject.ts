import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { idParams } from "./fields";

export const eraseSubject = defineRoute(transfersDialect, {
  operationId: "erase-subject",
  method: "delete",
  path: "/subjects/:id",
  ...described(() => ({
    tag: "Subjects",
    summary: "Erase the personal data of a user of the application",
    description:
      "`displayName`, `email`, `imageUrl` and `metadata` go for good, and `externalId` becomes the subject's own id. The subject stays, because its tags and their transfers do: switch a tag off with `PATCH /tags/{tag}`. Again, it changes nothing.",
    responses: { 204: { description: "Erased" } },
    errors: { 400: ["MALFORMED_REQUEST"], 404: ["SUBJECT_NOT_FOUND"] },
  })),
  access: "application",
  params: idParams,
  async handle({ caller, params: { id: subjectId = "" }, perform }) {
    const result = await perform({ name: "erase-subject", input: { applicationId: caller.id, subjectId } });
    return result.ok ? noContent : result;
  },
});
