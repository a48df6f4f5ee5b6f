import * as z from "zod";
import { madeOnce } from "../domain/made-once";
import { scopes } from "../domain/scope";
import { forDescription } from "./described";

/** The body's member that chooses the scopes of a new token. Each counts once. */
export const scopesField = madeOnce(() =>
  z
    .array(z.enum(scopes))
    .min(1)
    .max(16)
    .transform((chosen) => scopes.filter((scope) => chosen.includes(scope)))
    .meta(
      forDescription(() => ({
        description: "What the token may do. `read` opens what can be read, the others an area.",
      })),
    ),
);

/** The same in an answer. */
export const scopesObject = forDescription(() => z.array(z.enum(scopes)).readonly());
