import * as z from "zod";

let made: ReturnType<typeof make> | undefined;

/** Returns the schema of a code in the catalogue. It is made when the description is, so never in the Worker. */
export function errorObject() {
  made ??= make();
  return made;
}

function make() {
  const answer = z
    .strictObject({
      dialect: z.enum(["offers", "payments", "transfers", "problem"]).meta({
        description: "Whose form the answer has; `problem` is that of everything that belongs to no contract.",
      }),
      status: z.int(),
    })
    .meta({ id: "ErrorAnswer" });
  return z
    .strictObject({
      code: z.string(),
      means: z.string(),
      retryable: z.boolean().meta({ description: "Whether the same request may succeed later by itself." }),
      next: z.string().meta({ description: "What the caller does next." }),
      answers: z.array(answer).meta({ description: "The statuses with which it is answered." }),
      page: z.string().meta({ description: "The path of the code's page." }),
    })
    .meta({ id: "CataloguedError" });
}
