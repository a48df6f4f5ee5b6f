/** The most rows of a kind that an owner may have open at once, unless OPEN_ROWS says otherwise. */
export const openRowsDefault = {
  /** Testimonies of a client that nobody has accepted or cancelled. */
  testimonies: 100,
  /** Offers of an expert that wait for a decision. */
  offers: 200,
  /** Payment pages of a client that may still be paid. */
  checkouts: 50,
  /** Apps of a developer. */
  apps: 100,
  /** Shoppers of an app. */
  users: 100_000,
  /** Orders of an app that nobody has begun to pay within a day. */
  orders: 10_000,
  /** Users of an application, and their tags. */
  subjects: 1_000,
  tags: 2_000,
  /** Webhook endpoints of an owner: each raises the cost of every event. */
  endpoints: 100,
} as const;

export type OpenRows = Record<keyof typeof openRowsDefault, number>;

/** The rows and bytes that a request stores at most, or an owner in a day. */
export interface Stored {
  rows: number;
  bytes: number;
}

/** The bytes that a row counts beside its request's: ids, times, indexes, and what pages leave empty. */
export const bytesOfRow = 1_000;

/** Somebody who may store only so much a day. */
export interface Owner {
  kind: "user" | "developer" | "application";
  id: string;
}
