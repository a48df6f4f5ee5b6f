import type { Refused } from "../domain/result";
import type { Asked, Dialect, ErrorResponse, Errors, Issue, NamedErrorResponse, RequestError } from "./dialect";
import type { ErrorCode } from "./problem/error-codes";

/** The parts of a contract adapter that printing needs. */
export type Words = Pick<Dialect, "refusals" | "requestErrors" | "explain" | "envelope" | "namesErrors" | "showFacts">;

/** A refusal by name, with its detail and facts. */
export type NamedRefusal = Omit<Refused, "ok">;

/** Prints a refusal of an operation in the contract's words. */
export function printRefusal(words: Words, { refusal, detail, facts = {} }: NamedRefusal, asked: Asked): Response {
  const answer = words.refusals[refusal];
  const { fields, ...others } = facts;
  const errors = errorsOfFields(answer, fields);
  const [[said] = []] = Object.values(errors ?? {});
  const text = said ?? (detail === undefined ? answer.text : (answer.say?.(detail) ?? answer.text));
  const shown = words.showFacts?.(others) ?? {};
  // A refusal whose name is no code has another one (dialect.ts, `Worded`).
  const code = answer.code ?? (refusal as ErrorCode);
  return printErrorResponse(words, { ...answer, text, code }, asked, { errors, shown });
}

/** Prints a request error in the contract's words. */
export function printRequestError(
  words: Words,
  requestError: RequestError,
  asked: Asked,
  headers?: Record<string, string>,
): Response {
  const answer = words.requestErrors[requestError];
  const merged = { ...answer.headers, ...headers };
  return printErrorResponse(words, { ...answer, code: answer.code ?? requestError, headers: merged }, asked);
}

/** Prints validation problems in the contract's words. */
export function printIssues(words: Words, issues: readonly Issue[], asked: Asked): Response {
  const { text, errors, requestError = "input_invalid", code } = words.explain(issues);
  const answer = words.requestErrors[requestError];
  return printErrorResponse(words, { ...answer, text, code: code ?? answer.code ?? "input_invalid" }, asked, {
    errors,
  });
}

/** Prints an answer: the documented members first, then `code`, the facts of a refusal, and `requestId`. */
export function printErrorResponse(
  words: Pick<Dialect, "envelope" | "namesErrors">,
  answer: NamedErrorResponse,
  asked: Asked,
  { errors = errorsOfField(answer), shown }: { errors?: Errors | undefined; shown?: Record<string, unknown> } = {},
): Response {
  const { mediaType, members } = words.envelope(answer, errors, asked);
  const { code, status, headers } = answer;
  const name = words.namesErrors ? {} : { code };
  const response = new Response(JSON.stringify({ ...members, ...name, ...shown, requestId: asked.requestId }), {
    status,
    headers: { "Content-Type": mediaType, ...headers },
  });
  codes.set(response, code);
  return response;
}

const codes = new WeakMap<Response, ErrorCode>();

/** Returns the code of an error that was printed here; undefined for any other answer. */
export function codeOf(response: Response): ErrorCode | undefined {
  return codes.get(response);
}

function errorsOfField({ field, text }: ErrorResponse): Errors | undefined {
  return field === undefined ? undefined : { [field]: [text] };
}

function errorsOfFields({ sayOf }: ErrorResponse, fields: unknown): Errors | undefined {
  if (!sayOf || !Array.isArray(fields) || fields.length === 0) return undefined;
  return Object.fromEntries(fields.map((field: string) => [field, [sayOf(field)]]));
}

/** Returns the parts of a request that an answer may repeat. */
export function askedBy({ method, url }: Request, requestId: string, atMs: number): Asked {
  return { requestId, method, url, atMs };
}
