import { described } from "../described";
import { actOnUser } from "./act-on-user";

export const restoreUser = actOnUser(
  "restore-user",
  "restore",
  "user_restored",
  described(() => ({
    tag: "Operator",
    summary: "Let a suspended user in again",
    description: "The user must log in again. Restoring a user who is not suspended changes nothing.",
    bodyExample: { note: "The owner was identified by telephone." },
    responses: { 204: { description: "Restored" } },
    errors: { 404: ["user_unknown"] },
  })),
);
