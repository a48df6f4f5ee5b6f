import * as z from "zod";
import type { Statement } from "../../db/database";
import { type LedgerAccount, ledgerAccounts } from "../../domain/ledger";
import { type CallKind, callRoots } from "../../domain/stripe-call";
import type { Rehearsal } from "../../operations/deps";
import type { Command, CommandName, Input, Output } from "../../operations/operations";
import { rehearse } from "../../operations/perform";
import { forDescription } from "../described";
import { dryRunQuery } from "../dry-run";
import { type Definition, noContent, ok, type Reply, type Route } from "../route";
import { defineRoute } from "../serve";
import { type AdminCallers, adminDialect } from "./dialect";

type Query = z.output<ReturnType<typeof dryRunQuery>>;

type Defined<B, L extends readonly Statement[], F> = Definition<AdminCallers, "operator", B, Query, L, F>;

/** A command that an operator may have performed: how its input is made, and how it is answered. */
type Written<N extends CommandName, B, L extends readonly Statement[], F> = Pick<
  Defined<B, L, F>,
  "operationId" | "path" | "tag" | "summary" | "description" | "bodyExample" | "responses" | "errors" | "load" | "find"
> & {
  name: N;
  body: () => z.ZodType<B>;
  input: (asked: { operator: string; body: B; found: F }) => Input<N>;
  /** The answer to what was done; without it, none. */
  answer?: (value: Output<N>) => Reply;
  /** The answer to what was only tried. Without it, the request cannot be tried. */
  tried?: (would: Rehearsal & { value?: Output<N> }) => unknown;
};

/** Makes the route by which an operator has a command performed, or is told what it would do. */
export function writeRoute<
  N extends CommandName,
  B,
  const L extends readonly Statement[] = readonly [],
  F = undefined,
>({ name, input, answer = () => noContent, tried, ...written }: Written<N, B, L, F>): Route {
  const names = [...written.path.matchAll(/:(\w+)/g)].map(([, one = ""]) => one);
  return defineRoute<AdminCallers, "operator", B, Query, L, F>(adminDialect, {
    ...written,
    method: "post",
    access: "operator",
    params: () => z.object(Object.fromEntries(names.map((one) => [one, z.string()]))),
    ...(tried ? { query: dryRunQuery } : {}),
    async handle({ edge, caller, query, perform, ...asked }) {
      const command = { name, input: input({ ...asked, operator: caller.name }) } as Command<N>;
      if (tried && query.dry_run) {
        const would = await rehearse(edge.deps, command);
        return would.ok ? ok({ data: tried(would.value) }) : would;
      }
      const result = await perform(command);
      return result.ok ? answer(result.value) : result;
    },
  });
}

/** Prints what a command would do with money. */
export const planOf = ({ steps, lines }: Rehearsal) => ({ steps, lines });

/** Describes it. */
export const planAnswer = forDescription(() => {
  const money = { amountMinor: z.int(), currency: z.string() };
  const names = <T extends string>(table: Record<T, unknown>) => Object.keys(table) as [T, ...T[]];
  const step = z
    .strictObject({
      call: z.enum(names<CallKind>(callRoots)),
      object: z.string().meta({ description: "What it is about: Stripe's id, or the expert who is paid." }),
      ...money,
    })
    .meta({ id: "PlannedStep" });
  const line = z
    .strictObject({ account: z.enum(names<LedgerAccount>(ledgerAccounts)), ...money, reference: z.string().optional() })
    .meta({ id: "PlannedLine" });
  const data = z.strictObject({ steps: z.array(step), lines: z.array(line) }).meta({ id: "Plan" });
  return {
    200: {
      description:
        "With `dry_run`: what Stripe would be asked, in this order, and the ledger's lines until that is done. It is made of what is recorded here: Stripe is asked only when it is done, and may say otherwise.",
      schema: z.strictObject({ data }),
    },
  };
});
