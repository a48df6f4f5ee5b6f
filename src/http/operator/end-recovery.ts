import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

export const endRecovery = defineRoute(adminDialect, {
  operationId: "end-recovery",
  method: "post",
  path: "/admin/restore/end",
  ...described(() => ({
    tag: "Operator",
    summary: "Let changes go on after a restore",
    description: "Once all pages were looked through. Asked again it changes nothing.",
    responses: { 204: { description: "Changes go on" } },
  })),
  access: "operator",
  evenInRecovery: true,
  async handle({ caller, perform }) {
    const result = await perform({ name: "end-recovery", input: { operator: caller.name } });
    return result.ok ? noContent : result;
  },
});
