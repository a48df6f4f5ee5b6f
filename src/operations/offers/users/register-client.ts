import type { Result } from "../../../domain/result";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";
import { register } from "./register";

/** Makes a client with a token that works at once. Refuses `email_taken`. */
export function registerClient(deps: Deps, input: Input<"register-client">): Promise<Result<null>> {
  const { email, passwordHash, newsletterSubscribed, token } = input;
  return register(deps, { role: "client", email, passwordHash }, { newsletterSubscribed, token });
}
