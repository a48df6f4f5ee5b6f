import type { Contract } from "./route";

/** What only readers of a route need: its description is made of it, and the tests hold answers against it. */
type Description = Pick<Contract, "tag" | "summary" | "description" | "bodyExample" | "responses" | "errors">;

/** Describes a route where somebody reads. The Worker does not: its bundle has src/http/not-described.ts instead. */
export function described(describe: () => Description): Description {
  return describe();
}
