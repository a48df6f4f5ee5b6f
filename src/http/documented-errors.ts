import type { Refusal } from "../domain/refusal";
import type { DocumentedErrors, ErrorResponse, RequestError } from "./dialect";
import { rowsOf } from "./prices";
import type { ErrorCode } from "./problem/error-codes";
import type { Route } from "./route";

type Status = ErrorResponse["status"];

/** Lists the documented errors of a route by status: its own, and those that every route of its kind has. */
export function documentedErrors(route: Route): [status: Status, codes: ErrorCode[]][] {
  const { contract, dialect, access } = route;
  const byStatus = new Map<Status, Set<ErrorCode>>();
  const add = (status: Status, code: ErrorCode) => {
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  };
  const { credentials, encryptedBodies = {} } = dialect.documented;
  const ofBody = contract.method === "get" ? {} : encryptedBodies;
  const own: DocumentedErrors[] = [contract.errors ?? {}, credentials(access).errors, ofBody];
  for (const errors of own) {
    for (const [status, codes] of Object.entries(errors)) for (const code of codes) add(Number(status) as Status, code);
  }
  for (const name of refusalsOfKind(route)) {
    const { status, code = name } = dialect.refusals[name];
    add(status, code as ErrorCode);
  }
  for (const name of requestErrorsOfKind(route)) {
    const { status, code = name } = dialect.requestErrors[name];
    add(status, code as ErrorCode);
  }
  return [...byStatus].map(([status, codes]): [Status, ErrorCode[]] => [status, [...codes]]).sort(([a], [b]) => a - b);
}

function refusalsOfKind({ contract: { method, scope, keyed, operationId }, access }: Route): Refusal[] {
  const isScoped = scope !== "any" && (access === "operator" ? method !== "get" : scope !== undefined);
  return [
    "busy",
    ...(isScoped ? (["scope_missing"] as const) : []),
    ...(rowsOf(operationId) === undefined ? [] : (["quota_exceeded"] as const)),
    ...(keyed ? (["idempotency_key_reused", "idempotency_key_running"] as const) : []),
  ];
}

function requestErrorsOfKind({ contract }: Route): RequestError[] {
  const { method, keyed, shielded = true, evenInRecovery = false, rawBodyLimitBytes } = contract;
  const hasBody = method !== "get";
  const isParsed = rawBodyLimitBytes === undefined;
  const when = (condition: boolean, ...names: RequestError[]) => (condition ? names : []);
  return [
    "failed",
    ...when(hasBody && !evenInRecovery, "unavailable"),
    ...when(shielded, "rate_limited"),
    ...when(isParsed, "input_invalid"),
    ...when(hasBody, "body_too_large", "body_encoded"),
    ...when(hasBody && isParsed, "body_malformed", "media_type_wrong"),
    ...when(keyed, "idempotency_key_invalid"),
  ];
}

/** Returns the media type of a route's error body. */
export function errorMediaType({ dialect }: Route, status: number): string {
  const answer = { status: status as Status, text: "", code: "failed" } as const;
  return dialect.envelope(answer, undefined, { requestId: "", method: "", url: "https://example.com", atMs: 0 })
    .mediaType;
}

/** An answer that a route documents. */
interface PromisedAnswer {
  operationId: string;
  status: number;
  code?: ErrorCode;
  /** The name of the form in which an error is told. */
  form: string;
  hasBody: boolean;
}

/** Lists every answer that a route documents, with the name of the form that an error has. */
export function promisedAnswers(route: Route): PromisedAnswer[] {
  const { operationId, responses } = route.contract;
  const successes = Object.entries(responses).map(([status, { schema }]) => {
    return { operationId, status: Number(status), form: "success", hasBody: schema !== undefined };
  });
  const errors = documentedErrors(route).flatMap(([status, codes]) => {
    const form = errorMediaType(route, status) === "application/json" ? route.dialect.name : "problem";
    return codes.map((code) => ({ operationId, status, code, form, hasBody: true }));
  });
  return [...successes, ...errors];
}
