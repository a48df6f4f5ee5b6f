import { described } from "../described";
import { actOnUser } from "./act-on-user";

export const endUserSessions = actOnUser(
  "end-user-sessions",
  "end-sessions",
  "session_ended",
  described(() => ({
    tag: "Operator",
    summary: "Log a user out everywhere",
    description: "All sessions end at once; the user may log in again.",
    bodyExample: { note: "The telephone was stolen." },
    responses: { 204: { description: "Ended" } },
    errors: { 404: ["user_unknown"] },
  })),
);
