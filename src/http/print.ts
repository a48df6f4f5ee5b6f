import type { Refusal } from "../domain/refusal";
import type { Answer, Dialect, Errors, Fault, Issue } from "./dialect";

/** What printing needs of a dialect. */
export type Words = Pick<Dialect, "refusals" | "faults" | "explain" | "envelope">;

/** Prints a refusal of an operation in the words of the dialect. */
export function printRefusal(words: Words, refusal: Refusal, requestId: string): Response {
  const answer = words.refusals[refusal];
  return printAnswer(words, { ...answer, code: answer.code ?? refusal }, requestId);
}

/** Prints a fault of the edge in the words of the dialect. */
export function printFault(words: Words, fault: Fault, requestId: string, headers?: Record<string, string>): Response {
  const answer = words.faults[fault];
  const merged = { ...answer.headers, ...headers };
  return printAnswer(words, { ...answer, code: answer.code ?? fault, headers: merged }, requestId);
}

/** Prints validation problems in the words of the dialect. */
export function printIssues(words: Words, issues: readonly Issue[], requestId: string): Response {
  const answer = words.faults.input_invalid;
  const { text, errors } = words.explain(issues);
  return printAnswer(words, { ...answer, text, code: answer.code ?? "input_invalid" }, requestId, errors);
}

/** Prints an answer: the documented members first, then `code` and `requestId` (decisions X3). */
export function printAnswer(
  words: Pick<Dialect, "envelope">,
  answer: Answer & { code: string },
  requestId: string,
  errors: Errors | undefined = answer.field === undefined ? undefined : { [answer.field]: [answer.text] },
): Response {
  const { mediaType, members } = words.envelope(answer, errors);
  return new Response(JSON.stringify({ ...members, code: answer.code, requestId }), {
    status: answer.status,
    headers: { "Content-Type": mediaType, ...answer.headers },
  });
}
