import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeFailure, StripeOutcome } from "./failure";
import type { StripeSdk } from "./sdk";

/** The objects of Stripe's lists. An account need not have a time. */
interface Listed {
  id: string;
  created?: number;
}

/** The page of a list that Stripe is asked for. */
interface Page {
  limit: number;
  created: { gte: number; lte: number };
  starting_after?: string;
}

/** Reads one page of one of Stripe's lists. */
export type PageRequest<T extends Listed> = (sdk: StripeSdk, page: Page) => Promise<Stripe.Response<Stripe.ApiList<T>>>;

/**
 * The end of a run: the position to continue at, or null if the span is read; and the failure that stopped it, if any.
 */
export interface ListRead {
  rest: ListPosition | null;
  pages: number;
  failure: StripeFailure | null;
}

/**
 * Reads a span of a list from where the last run stopped, at most `pagesMax` pages of 100. However long the span is,
 * some run reads it to its end. `take` gets the objects, newest first, and returns whether that is enough.
 */
export async function readList<T extends Listed>(
  stripe: StripeGateway,
  request: PageRequest<T>,
  start: ListPosition,
  pagesMax: number,
  take: (objects: T[]) => boolean,
): Promise<ListRead> {
  let position = start;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const page = await readPage(stripe, request, position);
    if (!page.ok) return { rest: position, pages: pages + 1, failure: page.failure };
    const { data, has_more: hasMore } = page.value;
    const last = data.at(-1);
    if (take(data) || !hasMore || !last) return { rest: null, pages: pages + 1, failure: null };
    position = { ...position, untilSeconds: last.created ?? position.untilSeconds, after: last.id };
  }
  return { rest: position, pages: pagesMax, failure: null };
}

async function readPage<T extends Listed>(
  stripe: StripeGateway,
  request: PageRequest<T>,
  { fromSeconds, untilSeconds, after }: ListPosition,
): Promise<StripeOutcome<Stripe.ApiList<T>>> {
  const page = { limit: 100, created: { gte: fromSeconds, lte: untilSeconds } };
  const ask = (more: Pick<Page, "starting_after">) =>
    stripe.callWithoutId<Stripe.ApiList<T>>("list", (sdk) => request(sdk, { ...page, ...more }));
  if (after === null) return ask({});
  const read = await ask({ starting_after: after });
  // The object that was read last does not exist any more, so its second is read once more from the beginning.
  return !read.ok && read.failure.kind === "not_found" ? ask({}) : read;
}

/** The result of a search. Without `found`, Stripe has no such object only if `rest` is null. */
export type Sought<T> = Omit<ListRead, "pages"> & { found: T | undefined };

/** The most pages that a search reads in one run, because somebody may wait for it. */
const lookPagesMax = 20;

/** Looks for an object in a span of a list, from where the last run stopped. */
export async function findInList<T extends Listed>(
  stripe: StripeGateway,
  request: PageRequest<T>,
  start: ListPosition,
  isIt: (object: T) => boolean,
): Promise<Sought<T>> {
  let found: T | undefined;
  const { rest, failure } = await readList(stripe, request, start, lookPagesMax, (objects) => {
    found = objects.find(isIt);
    return found !== undefined;
  });
  return { found, rest, failure };
}
