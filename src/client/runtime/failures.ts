import type { Lost } from "./ask.ts";

/** A documented error. `code` is its stable name, and tells the status and the body. */
export class Refusal<Operation extends string, Status extends number, Body, Code extends string> extends Error {
  override readonly name = "Refusal";
  readonly operation: Operation;
  readonly status: Status;
  readonly code: Code;
  readonly body: Body;
  /** The key under which it was asked. The same key may be used again. */
  readonly idempotencyKey: string | undefined;
  /** After how many seconds it may be asked again, where the server says so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(operation: Operation, status: Status, body: Body, asked: Asked) {
    const { code, errorCode } = body as { code?: Code; errorCode?: Code };
    super(`${operation}: ${status} ${code ?? errorCode}`);
    this.operation = operation;
    this.status = status;
    this.code = (code ?? errorCode) as Code;
    this.body = body;
    this.idempotencyKey = asked.idempotencyKey;
    this.retryAfterSeconds = asked.retryAfterSeconds;
  }
}

interface Asked {
  idempotencyKey: string | undefined;
  retryAfterSeconds: number | undefined;
}

/** No answer came, or none that Accord gives. Whether it happened is unknown: ask again under the same key. */
export class AnswerLost extends Error {
  override readonly name = "AnswerLost";
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  /** The status of an answer that the operation does not document, as of something between client and server. */
  readonly status: number | undefined;

  constructor(operation: string, { idempotencyKey, status, cause }: Lost & Pick<Asked, "idempotencyKey">) {
    super(`${operation}: ${status === undefined ? "no answer" : `an unknown answer, ${status}`}`, { cause });
    this.operation = operation;
    this.idempotencyKey = idempotencyKey;
    this.status = status;
  }
}
