/** One request of the walk. */
export interface Step {
  operationId: string;
  /** Says what is different where the operation comes twice. */
  note?: string;
  /** The variable of the bearer token, where it is not the one of the description. */
  as?: string;
  /** Members in place of those of the example; null leaves one out. */
  body?: Readonly<Record<string, unknown>>;
  /** Values of parameters of the query. */
  query?: Readonly<Record<string, string>>;
  /** The variables of the path's names, where they are not those that the path itself tells. */
  path?: Readonly<Record<string, string>>;
  /** The variables that a success fills in, each with its place in the answer, as JavaScript that continues `answer`. */
  keep?: Readonly<Record<string, string>>;
  /** The place of the address of a page. Where it is the sandbox's, it is filled in as a person would do it. */
  page?: { at: string; form?: string };
}

/** Values that every run of the whole collection makes anew, in its first request: names must be free. */
export const freshValues: Readonly<Record<string, string>> = {
  run: "Date.now().toString(36)",
  phone: '"+421905" + String(Date.now()).slice(-6)',
  orderId: '"order-" + Date.now()',
  endedOrderId: '"order-" + Date.now() + "-ended"',
};
