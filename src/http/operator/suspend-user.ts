import { described } from "../described";
import { actOnUser } from "./act-on-user";

export const suspendUser = actOnUser(
  "suspend-user",
  "suspend",
  "user_suspended",
  described(() => ({
    tag: "Operator",
    summary: "Keep a user out",
    description:
      "Ends all sessions, and no login is possible until the user is restored. Money that is underway goes on: payouts are made and refunds are sent.",
    bodyExample: { note: "The mailbox was taken over." },
    responses: { 204: { description: "Suspended" } },
    errors: { 404: ["user_unknown"] },
  })),
);
