import * as z from "zod";

/**
 * Makes every object in a schema refuse members that it does not name, so that a misspelt one is never read as one that
 * was left out (src/guides/decisions.md#strict-input). One that takes others, as `looseObject` does, stays so.
 */
export function strictly<T extends z.ZodType>(schema: T): T {
  const { def } = schema._zod as unknown as { def: Parts };
  const changes = changesOf(def);
  const isSame = Object.entries(changes).every(([name, part]) => def[name as keyof Parts] === part);
  return isSame ? schema : schema.clone({ ...def, ...changes } as never, { parent: true });
}

/** The parts of a definition that hold other schemas. */
interface Parts {
  type: string;
  shape: Record<string, z.ZodType>;
  catchall?: z.ZodType;
  innerType: z.ZodType;
  in: z.ZodType;
  out: z.ZodType;
  element: z.ZodType;
  options: z.ZodType[];
}

function changesOf(def: Parts): Partial<Parts> {
  switch (def.type) {
    case "object":
      return { shape: strictShape(def.shape), catchall: def.catchall ?? z.never() };
    case "optional":
    case "nullable":
    case "default":
      return { innerType: strictly(def.innerType) };
    case "pipe":
      return { in: strictly(def.in), out: strictly(def.out) };
    case "array":
      return { element: strictly(def.element) };
    case "union":
      return { options: def.options.map(strictly) };
    default:
      return {};
  }
}

function strictShape(shape: Record<string, z.ZodType>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, strictly(member)]));
}
