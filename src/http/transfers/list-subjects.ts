import * as z from "zod";
import { selectSubjects } from "../../db/transfers/applications";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { envelopeOf, succeed } from "./print-success";
import { subjectObject, toSubject } from "./subject-object";

export const listSubjects = defineRoute(transfersDialect, {
  operationId: "list-subjects",
  method: "get",
  path: "/subjects",
  ...described(() => ({
    tag: "Subjects",
    summary: "The users of the application",
    responses: { 200: { description: "All of them, oldest first", schema: envelopeOf(z.array(subjectObject)) } },
  })),
  access: "application",
  load: ({ db, subject = "" }) => [selectSubjects(db, subject)],
  find: ([subjects]) => ({ subjects }),
  async handle({ edge, caller, found: { subjects } }) {
    return succeed(
      edge,
      "Subjects",
      subjects.map((subject) => toSubject(subject, caller)),
    );
  },
});
