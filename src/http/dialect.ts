import type * as z from "zod";
import type { Statement } from "../db/database";
import type { Rows } from "../db/read-all";
import type { Refusal } from "../domain/refusal";
import type { Held } from "../domain/scope";
import type { Edge } from "./edge";
import type { ErrorCode } from "./problem/error-codes";

/**
 * Everything that can go wrong outside an operation: a wrong request, or a failure of ours (`failed`, `unavailable`).
 * Each contract adapter words every one.
 */
export type RequestError =
  | "unauthenticated"
  | "rate_limited"
  | "path_unknown"
  | "method_wrong"
  | "body_too_large"
  | "media_type_wrong"
  | "body_encoded"
  | "body_malformed"
  | "input_invalid"
  | "idempotency_key_invalid"
  | "failed"
  | "unavailable";

/** A contract's words for one refusal or request error. */
export interface ErrorResponse {
  status: 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503;
  text: string;
  /** Makes the text if the refusal has a detail, which is mostly Stripe's. Without this the detail stays in the log. */
  say?: (detail: string) => string;
  /** The code, if the refusal's name would disclose too much or is not the contract's word. */
  code?: ErrorCode;
  /** The input that the refusal is about, if the contract names one. */
  field?: string;
  /** Makes the text for each input that the refusal names (`facts.fields`); the first is the answer's text. */
  sayOf?: (field: string) => string;
  headers?: Record<string, string>;
}

/** An answer with its code. */
export type NamedErrorResponse = ErrorResponse & { code: ErrorCode };

/** A contract's words for refusals and request errors. One whose name is in no answer needs a code that is. */
type Worded<Name extends string> = Readonly<{
  [N in Name]: N extends ErrorCode ? ErrorResponse : NamedErrorResponse;
}>;

/** The reason for which a body could not be decrypted. */
export type Unopened =
  | { ok: false; requestError: "body_too_large" | "body_encoded" }
  | { ok: false; answer: NamedErrorResponse };

/** The request that is answered, as far as an error body may repeat it, and the time. */
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

/** The credentials that a description knows. */
export type SecurityScheme = "bearer" | "operator" | "developerToken" | "appId" | "userId" | "applicationToken";

/** The codes of documented errors by their status. */
export type DocumentedErrors = { readonly [S in ErrorResponse["status"]]?: readonly ErrorCode[] };

/** The credentials of a kind of access: any one of the sets, complete; and the errors of missing or wrong ones. */
export interface Credentials {
  security: readonly (readonly SecurityScheme[])[];
  errors: DocumentedErrors;
}

/** The parts of a contract adapter that only its readers need: the description, and the tests that compare with it. */
export interface DocumentedDialect {
  /** Returns the schema of an error body. */
  errorSchema: (status: number) => z.ZodObject;
  credentials: (access: string) => Credentials;
  /** Further errors of every operation whose body the adapter may decrypt. */
  encryptedBodies?: DocumentedErrors;
}

/**
 * The caller and the rows read on the way, or the answer to an unknown caller. `allowed` says whether the role is
 * sufficient, and `held` which scopes the token has, if it does not hold all.
 */
export type Authenticated<Caller, L extends readonly Statement[]> =
  | { ok: true; caller: Caller; rows: Rows<L>; allowed: boolean; held?: Held }
  | { ok: false; answer: NamedErrorResponse };

/** The callers of each kind of access. `anyone` means that the caller is unknown. */
export type Callers = Record<string, unknown>;

/** Words for a wrong input, the request error that it counts as, if not `input_invalid`, and its code, if not that's. */
export interface Explanation {
  text: string;
  errors: Errors;
  requestError?: RequestError;
  code?: ErrorCode;
}

/**
 * A contract adapter: one table from every refusal and request error to status and text, one envelope, one way to
 * authenticate. Handlers never choose a status for an error.
 */
export interface Dialect<C extends Callers = Callers> {
  name: string;
  refusals: Worded<Refusal>;
  requestErrors: Worded<RequestError>;
  /** Words validation problems. */
  explain: (issues: readonly Issue[]) => Explanation;
  /** Makes the documented members of an error body, in order; `code` and `requestId` follow them. */
  envelope: (
    answer: NamedErrorResponse,
    errors: Errors | undefined,
    asked: Asked,
  ) => { mediaType: string; members: Record<string, unknown> };
  /** Whether the contract has a member of its own for the name of an error: then no `code` follows. */
  namesErrors?: boolean;
  /** Returns the facts of a refusal that are shown after `code`; nothing by default. `fields` are among the errors. */
  showFacts?: (facts: Record<string, unknown>) => Record<string, unknown>;
  /** Finds forbidden content in a body, whatever the route's schema allows. */
  inspect?: (body: unknown) => readonly Issue[];
  /** Whether a number with an exponent is passed on as its text, so that its schema can refuse it. */
  keepsExponents?: boolean;
  /**
   * Decrypts a body that was encrypted for us, if the contract allows it; returns the request itself if it was not
   * encrypted.
   */
  open?: (edge: Edge, request: Request) => Promise<Request | Unopened>;
  /** Whether a body that is too large is refused before the caller is authenticated. */
  sizeFirst?: boolean;
  /** Undefined in the Worker, which serves without it. */
  documented: DocumentedDialect;
  /** Returns the id that a credential itself contains, before any look-up: the first reads can use it. */
  subject?: (edge: Edge, headers: Headers) => Promise<string | undefined>;
  authenticate: <A extends keyof C & string, const L extends readonly Statement[]>(
    edge: Edge,
    headers: Headers,
    access: A,
    reads: L,
  ) => Promise<Authenticated<C[A], L>>;
  /** On a path of several contracts: tells by the credential whether a request is this contract's. */
  matches?: (headers: Headers) => boolean;
  /** Returns the scope of a caller's idempotency keys; undefined for an unknown caller. */
  callerId: (caller: C[keyof C]) => string | undefined;
  /** Whether browsers of the allowed origins may call it (src/guides/decisions.md#browsers). */
  crossOrigin: boolean;
}
