import * as z from "zod";
import { readTagAddress } from "../../domain/transfers/tag";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { tagAddress } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { tagObject, toTag } from "./tag-object";

export const updateTag = defineRoute(transfersDialect, {
  operationId: "update-tag",
  method: "patch",
  path: "/tags/:tag",
  ...described(() => ({
    tag: "Tags",
    summary: "Switch a tag off or on",
    description:
      "One of the application's own. While it is off, nobody can pay it and it can pay nobody; what waits can still be accepted, rejected or cancelled. Its name stays its subject's, and it can be switched on again.",
    bodyExample: { active: true },
    responses: { 200: { description: "The tag as it is now", schema: envelopeOf(tagObject) } },
    errors: { 404: ["TAG_NOT_FOUND"] },
  })),
  access: "application",
  params: () => z.object({ tag: tagAddress() }),
  body: () => z.object({ active: z.boolean() }),
  async handle({ edge, caller, params: { tag = "" }, body: { active }, perform }) {
    const { name: tagString = "", appHandle = caller.appHandle } = readTagAddress(tag) ?? {};
    if (appHandle !== caller.appHandle) return { refusal: "tag_unknown" };
    const result = await perform({ name: "update-tag", input: { applicationId: caller.id, tagString, active } });
    const message = active ? "Tag is on" : "Tag is off";
    return result.ok ? succeed(edge, message, toTag(result.value, caller)) : result;
  },
});
