import type { Filters, Kind, Range } from "./kinds";
import type { Parameters } from "./parameters";
import { invalid } from "./refusal";
import { view } from "./view";
import type { World } from "./world";

/** Prints one page of a list as Stripe does: newest first, with cursors. */
export function list(
  world: World,
  account: string,
  kind: Kind,
  url: string,
  parameters: Parameters,
  filters: Filters = {},
  /** Of some kinds Stripe shows nothing older. */
  sinceSeconds = 0,
): object {
  const limit = parameters.integer("limit") ?? 10;
  if (limit < 1 || limit > 100) {
    throw invalid(
      "limit",
      `Invalid integer: limit must be between 1 and 100, not ${limit}`,
      "parameter_invalid_integer",
    );
  }
  const page = world.objects.page(kind, account, filters, within(rangeOf(parameters), sinceSeconds), {
    limit,
    startingAfter: parameters.text("starting_after"),
    endingBefore: parameters.text("ending_before"),
  });
  return {
    object: "list",
    data: page.data.map((item) => view(world.objects, account, item)),
    has_more: page.hasMore,
    url,
  };
}

function within(range: Range, sinceSeconds: number): Range {
  return sinceSeconds === 0 ? range : { ...range, gte: Math.max(range.gte ?? 0, sinceSeconds) };
}

function rangeOf(parameters: Parameters): Range {
  if (typeof parameters.record.created === "string") {
    const exact = parameters.integer("created") ?? 0;
    return { gte: exact, lte: exact };
  }
  const created = parameters.child("created");
  const range: Range = {};
  for (const name of ["gt", "gte", "lt", "lte"] as const) {
    const bound = created.integer(name);
    if (bound !== null) {
      range[name] = bound;
    }
  }
  return range;
}
