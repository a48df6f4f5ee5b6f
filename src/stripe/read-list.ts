import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeFailure, StripeOutcome } from "./failure";
import type { StripeSdk } from "./sdk";

/** What is in Stripe's lists. An account need not say when it was made. */
interface Listed {
  id: string;
  created?: number;
}

/** Which part of a list Stripe is asked for. */
interface Page {
  limit: number;
  created: { gte: number; lte: number };
  starting_after?: string;
}

/** Asks for one page of one of Stripe's lists. */
export type PageRequest<T extends Listed> = (sdk: StripeSdk, page: Page) => Promise<Stripe.Response<Stripe.ApiList<T>>>;

/** How a run has ended: where to go on, or null when the span is read; and what kept it from going on, if anything. */
export interface ListRead {
  rest: ListPosition | null;
  pages: number;
  failure: StripeFailure | null;
}

/**
 * Reads a span of a list from where the last run stopped, at most `pagesMax` pages of 100. However much is in the span, it
 * is read to its end in some run: nothing is too full. `take` is given what was read, newest first, and answers whether
 * that is enough.
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
  // What was read last is gone: its second is read once more from the beginning.
  return !read.ok && read.failure.kind === "not_found" ? ask({}) : read;
}

/** What a look has come to. Without `found`, Stripe has none only where `rest` is null. */
export type Sought<T> = Omit<ListRead, "pages"> & { found: T | undefined };

/** How many pages a look reads in one run: somebody may be waiting for it. */
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
