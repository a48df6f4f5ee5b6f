import { bodyText } from "../core/body-text";

export type Body = Record<string, unknown>;

/** Says that a control request is wrong; the message says what would be right. */
export class Wrong extends Error {
  override readonly name = "Wrong";
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export function badRequest(message: string, status = 400): Wrong {
  return new Wrong(message, status);
}

/** Reads a JSON object; an empty body counts as an empty object. */
export async function readBody(request: Request): Promise<Body> {
  const text = await bodyText(request);
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) {
      return body as Body;
    }
  } catch {
    // Malformed JSON has the same answer as anything else that is no object.
  }
  throw badRequest("The body must be a JSON object.");
}

export function textOf(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") {
    throw badRequest(`${name} must be a text.`);
  }
  return value;
}

export function oneOf<const T extends string>(body: Body, name: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === body[name]);
  if (found === undefined) {
    throw badRequest(`${name} must be one of ${allowed.join(", ")}.`);
  }
  return found;
}

export function integerOf(
  body: Body,
  name: string,
  { smallest, largest, otherwise }: { smallest: number; largest: number; otherwise?: number },
): number {
  const value = body[name] ?? otherwise;
  if (typeof value !== "number" || !Number.isInteger(value) || value < smallest || value > largest) {
    throw badRequest(`${name} must be an integer between ${smallest} and ${largest}.`);
  }
  return value;
}
