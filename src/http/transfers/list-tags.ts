import { pageOfTags } from "../../db/transfers/applications";
import { described } from "../described";
import { allOldestFirst, cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { createdRangeOf, timeQuery } from "./paginate";
import { arrayOf, succeedWithRows } from "./print-success";
import { tagObject, toTag } from "./tag-object";

export const listTags = defineRoute(transfersDialect, {
  operationId: "list-tags",
  method: "get",
  path: "/tags",
  ...described(() => ({
    tag: "Tags",
    summary: "The tags of the application",
    description: "All of them, oldest first, those that are off too; or a page by cursor.",
    responses: { 200: { description: "The tags", schema: arrayOf(tagObject) } },
  })),
  access: "application",
  query: () => listQuery(timeQuery()),
  async handle({ edge, caller, query }) {
    const isPage = isByCursor(query);
    const page = isPage ? cursorPageOf(query) : allOldestFirst;
    const part = await pageOfTags(edge.deps.db, caller.id, createdRangeOf(query), page);
    if (!part) return cursorUnknown(query);
    return succeedWithRows(edge, "Tags", isPage ? part : { rows: part.rows }, (row) => toTag(row, caller));
  },
});
