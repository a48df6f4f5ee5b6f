import type { ControlResult } from "../emulator";
import { badRequest } from "./body";

/** What the emulator answered to a control, or its refusal as the answer. */
export function printed(result: ControlResult): unknown {
  if (!result.ok) {
    throw badRequest(result.message, result.status);
  }
  return JSON.parse(result.body);
}
