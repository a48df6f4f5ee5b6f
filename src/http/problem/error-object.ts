import * as z from "zod";
import { forDescription } from "../described";

let made: ReturnType<typeof make> | undefined;

/** Returns the schema of a code in the catalogue. It is made when the description is, so never in the Worker. */
export function errorObject() {
  made ??= make();
  return made;
}

function make() {
  const answer = z
    .strictObject({
      dialect: z.enum(["offers", "payments", "transfers", "problem"]).meta(
        forDescription(() => ({
          description: "Whose form the answer has; `problem` is that of everything that belongs to no contract.",
        })),
      ),
      status: z.int(),
    })
    .meta(forDescription(() => ({ id: "ErrorAnswer" })));
  return z
    .strictObject({
      code: z.string(),
      means: z.string(),
      retryable: z
        .boolean()
        .meta(forDescription(() => ({ description: "Whether the same request may succeed later by itself." }))),
      next: z.string().meta(forDescription(() => ({ description: "What the caller does next." }))),
      answers: z.array(answer).meta(forDescription(() => ({ description: "The statuses with which it is answered." }))),
      page: z.string().meta(forDescription(() => ({ description: "The path of the code's page." }))),
    })
    .meta(forDescription(() => ({ id: "CataloguedError" })));
}
