import type { Context } from "hono";
import type * as z from "zod";
import type { Database, Statement } from "../db/database";
import type { Rows } from "../db/read-all";
import type { Refusal } from "../domain/refusal";
import type { Area } from "../domain/scope";
import type { Command, CommandName } from "../operations/operations";
import type { Performed } from "../operations/perform";
import type { Callers, Dialect, DocumentedErrors, Issue, NamedErrorResponse } from "./dialect";
import type { Edge, HttpEnv, Quota } from "./edge";
import type { NamedRefusal } from "./print-error";
import type { SecurityEvent } from "./security-event";

/** A route's contract, of which the description and the tests are made. */
export interface Contract {
  operationId: string;
  method: "get" | "post" | "put" | "patch" | "delete";
  /** The path below `/api/v1`, with `:names`. */
  path: string;
  /** The area whose scope opens it, if developers' tokens do. */
  scope?: Area;
  tag: string;
  summary: string;
  description?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  bodyExample?: unknown;
  /** Whether the body may also be a form, and its members may be in the query. */
  formToo?: boolean;
  /** Reads the body unparsed, up to this many bytes, instead of JSON. */
  rawBodyLimitBytes?: number;
  /** The limit of the body as JSON, where its schema allows more than most (admit.ts). */
  bodyLimitBytes?: number;
  /** The member of the body that may contain the idempotency key instead of the header. */
  bodyKey?: string;
  responses: Readonly<Record<number, Success>>;
  /** Documented errors by status, beyond those that every route of its kind has (documented-errors.ts). */
  errors?: DocumentedErrors;
  /** False if a POST ignores `Idempotency-Key`: anonymous ones, and answers with a secret that is shown once. */
  keyed: boolean;
  /** False for a route that must not be limited by address: Stripe sends from few of them. */
  shielded?: boolean;
  /** True for a change that need not wait while the time that the database has lost is searched. */
  evenInRecovery?: boolean;
  /** The quota that is counted exactly. */
  quota?: { name: string };
}

export interface Success {
  description: string;
  schema?: z.ZodType;
  example?: unknown;
}

/**
 * A success in the contract's body, a refusal (the refused result itself is one), an answer of the contract adapter's
 * own, or problems of the input that only the database shows.
 */
export type Reply =
  | { status: 200 | 201 | 202 | 204; body?: unknown; headers?: Record<string, string> }
  | NamedRefusal
  | { answer: NamedErrorResponse }
  | { issues: readonly Issue[] };

/** The input of a handler: everything is checked and parsed. */
export interface Incoming<Caller, Body, Query, Found> {
  edge: Edge;
  request: Request;
  params: Record<string, string>;
  query: Query;
  body: Body;
  rawBody: string;
  caller: Caller;
  found: Found;
  /** Performs a command, under the request's idempotency key if it has one. */
  perform: <N extends CommandName>(command: Command<N>) => Promise<Performed<N>["result"]>;
  /** Whether the request carries an idempotency key. */
  hasKey: boolean;
  /** Headers of the answer, whatever it will be. */
  headers: Headers;
  /** Takes a use of the route's quota. Returns the answer if none was left. */
  takeUse: () => Promise<Reply | undefined>;
}

/** A quota by its name in the headers. `count` returns undefined if this caller is not counted. */
export interface CountedQuota<Caller = unknown> {
  name: string;
  count: (edge: Edge, caller: Caller, uses: 0 | 1) => Promise<Quota | undefined>;
}

/** A contract with its implementation, in the order in which the parts run. */
export interface Definition<
  C extends Callers,
  A extends keyof C & string,
  Body,
  Query,
  L extends readonly Statement[],
  Found,
> extends Omit<Contract, "params" | "body" | "query" | "keyed" | "quota"> {
  access: A;
  /** Makes the schema of the names in the path, in the same way as that of the body. */
  params?: () => z.ZodObject;
  /** Makes the schema of the body, at the first request: nobody waits for those of all routes when an isolate starts. */
  body?: () => z.ZodType<Body>;
  /** Makes the schema of the query, in the same way. */
  query?: () => z.ZodObject & z.ZodType<Query>;
  keyed?: boolean;
  /** The log's name for it if it concerns security; a handler may decide later (`edge.securityEvent`). */
  securityEvent?: SecurityEvent;
  /** Loads what the body's schema needs, before the body is read. */
  prepare?: (edge: Edge) => Promise<void>;
  /** Makes the first reads, in one round trip with the look-up of the credential. Invalid inputs are undefined. */
  load?: (input: {
    db: Database;
    params: Record<string, string>;
    body: Body | undefined;
    query: Query | undefined;
    /** The id that the credential itself contains; it is not authenticated yet. */
    subject: string | undefined;
    nowMs: number;
  }) => L;
  /**
   * Returns the object that was read, or that the path itself tells, or the refusal that says that it does not exist: 404, before the role is checked.
   */
  find?: (rows: Rows<L>, params: Record<string, string>) => Found | Refusal;
  /** Refuses the caller for this object: 403, before the body is checked. */
  permit?: (caller: C[A], found: Found) => Refusal | undefined;
  /**
   * The quota that is counted exactly, by caller or address. Every answer to somebody who is counted shows its state;
   * `takeUse` takes from it.
   */
  quota?: CountedQuota<C[A]>;
  handle: (input: Incoming<C[A], Body, Query, Found>) => Promise<Reply>;
}

/** A definition without its types, which were checked where it was written and which serving it does not need. */
export type AnyDefinition = Omit<
  Definition<Callers, string, unknown, unknown, readonly Statement[], unknown>,
  "params" | "body" | "query"
> &
  Pick<Contract, "params" | "body" | "query">;

/** A route as the registry holds it: its contract is data, and its types are hidden. */
export interface Route {
  contract: Contract;
  access: string;
  dialect: Dialect;
  serve: (c: Context<HttpEnv>) => Promise<Response>;
}

/** Makes a success with a body. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** Makes a success for something new, with its body. */
export function created(body: unknown): Reply {
  return { status: 201, body };
}

/** A success without a body. */
export const noContent: Reply = { status: 204 };
