import { pageOfSubjects } from "../../db/transfers/applications";
import { described } from "../described";
import { allOldestFirst, cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { text } from "./fields";
import { createdRangeOf, timeQuery } from "./paginate";
import { arrayOf, succeedWithRows } from "./print-success";
import { subjectObject, toSubject } from "./subject-object";

export const listSubjects = defineRoute(transfersDialect, {
  operationId: "list-subjects",
  method: "get",
  path: "/subjects",
  ...described(() => ({
    tag: "Subjects",
    summary: "The users of the application",
    description: "All of them, oldest first; or a page by cursor.",
    responses: { 200: { description: "The subjects", schema: arrayOf(subjectObject) } },
  })),
  access: "application",
  query: () => listQuery({ externalId: text(255).optional(), ...timeQuery() }),
  async handle({ edge, caller, query }) {
    const isPage = isByCursor(query);
    const filter = { externalId: query.externalId, ...createdRangeOf(query) };
    const part = await pageOfSubjects(edge.deps.db, caller.id, filter, isPage ? cursorPageOf(query) : allOldestFirst);
    if (!part) return cursorUnknown(query);
    return succeedWithRows(edge, "Subjects", isPage ? part : { rows: part.rows }, (row) => toSubject(row, caller));
  },
});
