import * as z from "zod";
import { selectTags } from "../../db/transfers/applications";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { envelopeOf, succeed } from "./print-success";
import { tagObject, toTag } from "./tag-object";

export const listTags = defineRoute(transfersDialect, {
  operationId: "list-tags",
  method: "get",
  path: "/tags",
  ...described(() => ({
    tag: "Tags",
    summary: "The tags of the application",
    responses: {
      200: { description: "All of them, oldest first, those that are off too", schema: envelopeOf(z.array(tagObject)) },
    },
  })),
  access: "application",
  load: ({ db, subject = "" }) => [selectTags(db, subject)],
  find: ([tags]) => ({ tags }),
  async handle({ edge, caller, found: { tags } }) {
    return succeed(
      edge,
      "Tags",
      tags.map((tag) => toTag(tag, caller)),
    );
  },
});
