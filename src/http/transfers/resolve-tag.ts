import * as z from "zod";
import { selectTagsAt } from "../../db/transfers/applications";
import { readTagAddress } from "../../domain/transfers/tag";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { tagAddress } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { publicTagObject, toPublicTag } from "./tag-object";

export const resolveTag = defineRoute(transfersDialect, {
  operationId: "resolve-tag",
  method: "get",
  path: "/tags/:tag",
  ...described(() => ({
    tag: "Tags",
    summary: "Whose a tag is",
    description: "A bare tag must be the only one of its name; otherwise it is 409.",
    responses: {
      200: { description: "The application, and nothing about the person", schema: envelopeOf(publicTagObject) },
    },
    errors: { 404: ["TAG_NOT_FOUND"], 409: ["AMBIGUOUS_TAG"] },
  })),
  access: "anyone",
  params: () => z.object({ tag: tagAddress() }),
  async handle({ edge, params: { tag = "" } }) {
    const address = readTagAddress(tag);
    if (!address) return { refusal: "tag_unknown" };
    const { db } = edge.deps;
    const [[found, another]] = await db.batch([selectTagsAt(db, address)]);
    if (!found) return { refusal: "tag_unknown" };
    if (another) return { refusal: "tag_ambiguous" };
    return succeed(edge, "Tag", toPublicTag(found.tag, found.application));
  },
});
