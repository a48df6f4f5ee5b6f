import { Sequencer as Locked } from "../../src/sandbox/index";

export {
  Committer,
  Dispatcher,
  default,
  Limiter,
  Outside,
  SandboxInbox,
  StripeEmulator,
  StripeSandbox,
} from "../../src/sandbox/index";

/**
 * The sandbox without its lock: every command has a key of its own, so none waits for another. This simulates the time
 * when Cloudflare replaces an object, and an old and a new one of the same name work side by side.
 */
export class Sequencer extends Locked {
  override perform(...[key, command, context]: Parameters<Locked["perform"]>): ReturnType<Locked["perform"]> {
    return super.perform(`${key}:${crypto.randomUUID()}`, command, context);
  }
}
