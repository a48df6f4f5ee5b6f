import * as z from "zod";
import { forDescription } from "./described";

/** The query of a request that can be tried without doing anything. */
export const dryRunQuery = () =>
  z.object({
    dry_run: z
      .enum(["true", "false"])
      .optional()
      .transform((sent) => sent === "true")
      .meta(forDescription(() => ({ description: "`true` answers what would be done, and does nothing." }))),
  });
