import { invalid } from "./refusal";
import { view } from "./view";
import type { World } from "./world";

const DEEPEST = 4;

/** Expandable members that an object has only if they name something. */
const OFTEN_ABSENT = new Set(["failure_balance_transaction"]);

/** Lists that Stripe includes only on request, by `object` and member. */
type IncludableList = (world: World, account: string, id: string) => object;
export type Includable = Record<string, IncludableList>;

/**
 * Replaces ids by the objects that they name, along paths like `latest_charge.balance_transaction` or `data.charge`.
 */
export function expand(
  world: World,
  account: string,
  body: object,
  paths: readonly string[],
  includable: Includable,
): object {
  let expanded = body;
  for (const path of paths) {
    const segments = path.split(".");
    if (segments.filter((segment) => segment !== "data").length > DEEPEST) {
      throw invalid("expand", `You cannot expand more than ${DEEPEST} levels of a property. Property: ${path}`);
    }
    expanded = along(expanded, segments);
  }
  return expanded;

  function along(object: object, [segment, ...rest]: string[]): object {
    if (segment === undefined) {
      return object;
    }
    const value: unknown = (object as Record<string, unknown>)[segment];
    const list = "object" in object ? includable[`${object.object}.${segment}`] : undefined;
    if (list && value === undefined && "id" in object) {
      return { ...object, [segment]: along(list(world, account, String(object.id)), rest) };
    }
    if (Array.isArray(value)) {
      return { ...object, [segment]: value.map((item: object) => along(item, rest)) };
    }
    if (value === null || (value === undefined && OFTEN_ABSENT.has(segment))) {
      return object;
    }
    if (typeof value === "object") {
      return { ...object, [segment]: along(value, rest) };
    }
    return { ...object, [segment]: along(named(segment, value), rest) };
  }

  function named(segment: string, value: unknown): object {
    const found = segment === "id" || typeof value !== "string" ? null : findAnywhere(value);
    if (found === null) {
      throw invalid("expand", `This property cannot be expanded (${segment}).`);
    }
    return found;
  }

  /**
   * Finds an object of any account. Some members name objects of another account, such as `destination_payment` of a
   * transfer.
   */
  function findAnywhere(id: string): object | null {
    const owner = world.objects.ownerOf(id);
    const found = owner === null ? null : world.objects.findAny(owner, id);
    return owner === null || found === null ? null : view(world.objects, owner, found);
  }
}
