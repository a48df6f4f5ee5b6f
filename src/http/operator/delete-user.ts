import { described } from "../described";
import { actOnUser } from "./act-on-user";

export const deleteUser = actOnUser(
  "delete-user",
  "delete",
  "user_deleted",
  described(() => ({
    tag: "Operator",
    summary: "Delete a user who asked for it",
    description:
      "As `DELETE /me`, for a request that comes by letter, and once more for everybody whom a restore of the database " +
      "brought back. The note is kept for ever: it must not name the person. 204 again for a user who is deleted.",
    bodyExample: { note: "Asked for by letter; the owner was identified." },
    responses: { 204: { description: "Deleted" } },
    errors: { 404: ["user_unknown"], 409: ["money_underway"] },
  })),
);
