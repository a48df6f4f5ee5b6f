import type { Context } from "hono";
import type * as z from "zod";
import type { Database, Statement } from "../db/database";
import type { Rows } from "../db/tokens";
import type { Refusal } from "../domain/refusal";
import type { Command, CommandName } from "../operations/commands";
import type { Performed } from "../operations/perform";
import type { Callers, Dialect, NamedAnswer } from "./dialect";
import type { Edge, HttpEnv } from "./edge";
import type { NamedRefusal } from "./print";

/** What a route promises: the description and the tests are made of it. */
export interface Contract {
  operationId: string;
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Below `/api/v1`, with `:names`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  bodyExample?: unknown;
  /** Whether the body may be a form as well, and its members may stand in the query. */
  formToo?: boolean;
  /** The member of the body that may hold the idempotency key instead of the header. */
  bodyKey?: string;
  responses: Readonly<Record<number, Success>>;
  /** Statuses of documented errors beyond those that every route of its kind has. */
  errors?: readonly number[];
  /** False where a POST ignores `Idempotency-Key`: anonymous ones, and answers with a secret that is shown once. */
  keyed: boolean;
}

export interface Success {
  description: string;
  schema?: z.ZodType;
  example?: unknown;
}

/** A success in the contract's body, a refusal (the refused result itself will do), or an answer of the dialect's own. */
export type Reply =
  | { status: 200 | 201 | 202 | 204; body?: unknown; headers?: Record<string, string> }
  | NamedRefusal
  | { answer: NamedAnswer };

/** What a handler gets: everything checked, nothing left to parse. */
export interface Incoming<Caller, Body, Query, Found> {
  edge: Edge;
  request: Request;
  params: Record<string, string>;
  query: Query;
  body: Body;
  rawBody: string;
  caller: Caller;
  found: Found;
  /** Asks for a change, under the request's idempotency key where it has one. */
  perform: <N extends CommandName>(command: Command<N>) => Promise<Performed<N>["result"]>;
  /** Whether the request carries an idempotency key. */
  hasKey: boolean;
  /** Headers for whatever the answer will be. */
  headers: Headers;
}

/** A contract with what happens behind it, in the order in which it happens. */
export interface Definition<
  C extends Callers,
  A extends keyof C & string,
  Body,
  Query,
  L extends readonly Statement[],
  Found,
> extends Omit<Contract, "body" | "query" | "keyed"> {
  access: A;
  body?: z.ZodType<Body>;
  query?: z.ZodObject & z.ZodType<Query>;
  keyed?: boolean;
  /** Takes the body as it is, up to this many bytes, instead of JSON. */
  rawBodyLimitBytes?: number;
  /** False for a route that must not be shut off by address: Stripe sends from few of them. */
  shielded?: boolean;
  /** Gets ready what the body's schema needs, before it is read. */
  prepare?: (edge: Edge) => Promise<void>;
  /** The first reads, in one round trip with the look-up of the credential. What is not valid is undefined. */
  load?: (input: {
    db: Database;
    params: Record<string, string>;
    body: Body | undefined;
    query: Query | undefined;
    /** Whom the credential names by itself; not yet anybody who may ask. */
    subject: string | undefined;
  }) => L;
  /** What the reads are, or which refusal names that it does not exist: 404, before the role is looked at. */
  find?: (rows: Rows<L>) => Found | Refusal;
  /** Whether the caller may do this with it: 403, before the body is looked at. */
  permit?: (caller: C[A], found: Found) => Refusal | undefined;
  handle: (input: Incoming<C[A], Body, Query, Found>) => Promise<Reply>;
}

/** A definition whose types were checked where it was written: what serves it needs to know none of them. */
export type AnyDefinition = Definition<Callers, string, unknown, unknown, readonly Statement[], unknown>;

/** A route as the registry holds it: its contract is data, its types are its own business. */
export interface Route {
  contract: Contract;
  access: string;
  dialect: Dialect;
  serve: (c: Context<HttpEnv>) => Promise<Response>;
}

/** A success with a body. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** Something new, and what it is. */
export function created(body: unknown): Reply {
  return { status: 201, body };
}

/** A success with nothing to tell. */
export const noContent: Reply = { status: 204 };
