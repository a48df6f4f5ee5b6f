import type * as z from "zod";
import type { Statement } from "../db/database";
import type { Rows } from "../db/tokens";
import type { Refusal } from "../domain/refusal";
import type { Edge } from "./edge";

/** What goes wrong at the edge, before an operation is asked, or with ourselves. Each dialect words every one. */
export type Fault =
  | "unauthenticated"
  | "rate_limited"
  | "path_unknown"
  | "method_wrong"
  | "body_too_large"
  | "media_type_wrong"
  | "body_malformed"
  | "input_invalid"
  | "idempotency_key_invalid"
  | "failed"
  | "unavailable";

/** How a dialect words one refusal or fault. */
export interface Answer {
  status: 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503;
  text: string;
  /** The text where the refusal says more in words: Stripe's, mostly. Without it those stay in the log. */
  say?: (detail: string) => string;
  /** Where the name of the refusal would say too much, or is not the word of the contract. */
  code?: string;
  /** The input that it is about, where the contract names one. */
  field?: string;
  /** The text for each input that the refusal names (`facts.fields`); the first of them is the answer's. */
  sayOf?: (field: string) => string;
  headers?: Record<string, string>;
}

/** An answer with its name. */
export type NamedAnswer = Answer & { code: string };

/** Why a body could not be opened. */
export type Unopened = { ok: false; fault: "body_too_large" } | { ok: false; answer: NamedAnswer };

/** The request that is answered, as far as an error body may repeat it, and the moment. */
export interface Asked {
  requestId: string;
  method: string;
  url: string;
  atMs: number;
}

/** Messages by input, in the order in which the contract lists them. */
export type Errors = Record<string, string[]>;

/** A validation problem as zod reports it, with the input that caused it. */
export type Issue = z.core.$ZodIssue;

/** A credential that a description knows. */
export type SecurityScheme = "bearer" | "operator" | "developerToken" | "appId" | "userId" | "applicationToken";

/** What a kind of access takes: any one of the sets, all of it; and the statuses of who has none or not enough. */
export interface Credentials {
  security: readonly (readonly SecurityScheme[])[];
  statuses: readonly number[];
}

/** Who is asking and what was read on the way, or why nobody is. `allowed` says whether the role fits. */
export type Authenticated<Caller, L extends readonly Statement[]> =
  | { ok: true; caller: Caller; rows: Rows<L>; allowed: boolean }
  | { ok: false; answer: NamedAnswer };

/** The callers that each kind of access yields: `anyone` knows nobody. */
export type Callers = Record<string, unknown>;

/** Words for what is wrong with an input, and as which fault it is answered where not as `input_invalid`. */
export interface Explanation {
  text: string;
  errors: Errors;
  fault?: Fault;
}

/**
 * A contract with its own words: one total table from every refusal and fault to status and text, one envelope, one way
 * to know who asks. Handlers never choose a status for an error.
 */
export interface Dialect<C extends Callers = Callers> {
  name: string;
  refusals: Readonly<Record<Refusal, Answer>>;
  faults: Readonly<Record<Fault, Answer>>;
  /** Words for validation problems. */
  explain: (issues: readonly Issue[]) => Explanation;
  /** The documented members of an error body, in order; `code` and `requestId` follow them. */
  envelope: (
    answer: NamedAnswer,
    errors: Errors | undefined,
    asked: Asked,
  ) => { mediaType: string; members: Record<string, unknown> };
  /** Whether the contract has a member of its own for the name of an error: then no `code` follows. */
  namesErrors?: boolean;
  /** What it shows of a refusal's facts, after `code`; nothing unless said otherwise. `fields` are among the errors. */
  showFacts?: (facts: Record<string, unknown>) => Record<string, unknown>;
  /** What must not be in any body, whatever the route makes of it. */
  inspect?: (body: unknown) => readonly Issue[];
  /** Whether a number that is written with an exponent is handed on as its text, for its schema to refuse. */
  keepsExponents?: boolean;
  /** Opens a body that was encrypted for us, where the contract takes such; the request itself where it was not. */
  open?: (edge: Edge, request: Request) => Promise<Request | Unopened>;
  /** Whether a body that is too large is refused before anybody asks who sends it. */
  sizeFirst?: boolean;
  /** What such a body looks like, for the description and the tests. */
  errorSchema: (status: number) => z.ZodType;
  /** Whom a credential names by itself, before anybody is looked up: the first reads can then be theirs. */
  subject?: (edge: Edge, headers: Headers) => Promise<string | undefined>;
  authenticate: <A extends keyof C & string, const L extends readonly Statement[]>(
    edge: Edge,
    headers: Headers,
    access: A,
    reads: L,
  ) => Promise<Authenticated<C[A], L>>;
  /** How each kind of access is described. */
  credentials: (access: keyof C & string) => Credentials;
  /** On a path of several contracts: whether a request is its own, by the credential. */
  claims?: (headers: Headers) => boolean;
  /** Scope of a caller's idempotency keys; undefined for a caller who is nobody. */
  callerId: (caller: C[keyof C]) => string | undefined;
  /** Whether browsers of the allowed origins may call it (src/guides/decisions.md#browsers). */
  crossOrigin: boolean;
}
