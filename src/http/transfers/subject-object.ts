import * as z from "zod";
import type { Application, Subject } from "../../db/transfers/applications";
import { forDescription } from "../described";
import { instant, orLeftOut, toInstant } from "./print-success";

/** A subject. */
export const subjectObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      applicationId: z.uuid(),
      applicationName: z.string(),
      externalId: z.string(),
      displayName: z.string().optional(),
      email: z.string().optional(),
      imageUrl: z.string().optional(),
      metadata: z.record(z.string(), z.unknown()).optional(),
      createdAt: instant,
    })
    .meta({ id: "Subject" }),
);

export function toSubject(subject: Subject, { name }: Application) {
  return {
    id: subject.id,
    applicationId: subject.applicationId,
    applicationName: name,
    externalId: subject.externalId,
    displayName: orLeftOut(subject.displayName),
    email: orLeftOut(subject.email),
    imageUrl: orLeftOut(subject.imageUrl),
    metadata: orLeftOut(subject.metadata),
    createdAt: toInstant(subject.createdAt),
  };
}
