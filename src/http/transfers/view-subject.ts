import { selectSubject } from "../../db/transfers/applications";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { idParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { subjectObject, toSubject } from "./subject-object";

export const viewSubject = defineRoute(transfersDialect, {
  operationId: "view-subject",
  method: "get",
  path: "/subjects/:id",
  ...described(() => ({
    tag: "Subjects",
    summary: "One user of the application",
    responses: { 200: { description: "The subject", schema: envelopeOf(subjectObject) } },
    errors: { 400: ["MALFORMED_REQUEST"], 404: ["SUBJECT_NOT_FOUND"] },
  })),
  access: "application",
  params: idParams,
  load: ({ db, params: { id = "" } }) => [selectSubject(db, id.toLowerCase())],
  find: ([[subject]]) => subject ?? "subject_unknown",
  permit: (caller, subject) => (subject.applicationId === caller.id ? undefined : "subject_unknown"),
  async handle({ edge, caller, found }) {
    return succeed(edge, "Subject", toSubject(found, caller));
  },
});
