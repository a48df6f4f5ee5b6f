import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { tagString, uuid } from "./fields";
import { envelopeOf, succeedWithNew } from "./print-success";
import { tagObject, toTag } from "./tag-object";

export const createTag = defineRoute(transfersDialect, {
  operationId: "create-tag",
  method: "post",
  path: "/tags",
  ...described(() => ({
    tag: "Tags",
    summary: "Give a subject a tag",
    description: "A tag is unique in its application. Everywhere else it is known as tag@appHandle.",
    bodyExample: { subjectId: "01a1f91e-f699-84f8-8dd3-bd4d5efaa050", tagString: "alice" },
    responses: { 201: { description: "Created", schema: envelopeOf(tagObject) } },
    errors: { 404: ["SUBJECT_NOT_FOUND"], 409: ["DUPLICATE_TAG"] },
  })),
  access: "application",
  body: () => z.object({ subjectId: uuid(), tagString: tagString() }),
  async handle({ edge, caller, body, perform }) {
    const result = await perform({ name: "create-tag", input: { ...body, applicationId: caller.id } });
    return result.ok ? succeedWithNew(edge, "Tag created", toTag(result.value, caller)) : result;
  },
});
