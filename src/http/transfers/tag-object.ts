import * as z from "zod";
import type { Application, Tag } from "../../db/transfers/applications";
import { qualifiedTag } from "../../domain/transfers/tag";
import { forDescription } from "../described";
import { instant, toInstant } from "./print-success";

/** A tag, as its own application sees it. */
export const tagObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      tagString: z.string(),
      qualifiedTag: z.string().meta({ example: "alice@walletapp" }),
      subjectId: z.uuid(),
      applicationId: z.uuid(),
      applicationName: z.string(),
      appHandle: z.string(),
      active: z.boolean(),
      createdAt: instant,
    })
    .meta({ id: "Tag" }),
);

export function toTag(tag: Tag, { name, appHandle }: Application) {
  return {
    id: tag.id,
    tagString: tag.tagString,
    qualifiedTag: qualifiedTag(tag.tagString, appHandle),
    subjectId: tag.subjectId,
    applicationId: tag.applicationId,
    applicationName: name,
    appHandle,
    active: tag.active,
    createdAt: toInstant(tag.createdAt),
  };
}

/** A tag as anybody may see it, without the person behind it. */
export const publicTagObject = forDescription(() =>
  tagObject
    .pick({ tagString: true, qualifiedTag: true, applicationName: true, active: true })
    .meta({ id: "PublicTag" }),
);

export function toPublicTag(tag: Tag, { name, appHandle, active }: Pick<Application, "name" | "appHandle" | "active">) {
  const { tagString } = tag;
  const qualified = qualifiedTag(tagString, appHandle);
  return { tagString, qualifiedTag: qualified, applicationName: name, active: tag.active && active };
}
