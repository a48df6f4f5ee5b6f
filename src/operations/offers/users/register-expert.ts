import type { Result } from "../../../domain/result";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";
import { register } from "./register";

/** Makes an expert with a token that works at once. Refuses `email_taken`, `phone_taken`. */
export function registerExpert(deps: Deps, input: Input<"register-expert">): Promise<Result<null>> {
  const { newsletterSubscribed, token, ...expert } = input;
  return register(deps, { role: "expert", ...expert }, { newsletterSubscribed, token });
}
