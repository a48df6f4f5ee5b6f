import type { ControlResult } from "../controlled-stripe";
import { badRequest } from "./body";

/** Returns the emulator's answer to a control, or throws its refusal. */
export function printed(result: ControlResult): unknown {
  if (!result.ok) {
    throw badRequest(result.message, result.status);
  }
  return JSON.parse(result.body);
}
