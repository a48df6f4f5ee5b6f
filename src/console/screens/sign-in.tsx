import { useState } from "preact/hooks";
import { about } from "../action";
import type { Failure } from "../api";
import { Dialog } from "../parts/dialog";
import { Failed } from "../parts/states";
import { beatNow, isSandbox } from "../pulse";
import { asksForToken, begin, session } from "../session";

/** Asks for the token over the page, which is kept: to sign in, or to unlock what changes things. */
export function SignIn() {
  const isUnlocking = asksForToken.value === "write";
  if (session.value === undefined || (session.value !== null && !isUnlocking)) return null;
  // An operator who was about to change something goes on with that.
  const scope = about.value || session.value ? "write" : "read";
  return <TokenDialog key={scope} scope={scope} />;
}

function TokenDialog({ scope }: { scope: "read" | "write" }) {
  const [token, setToken] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [isSending, setSending] = useState(false);
  const close = () => {
    if (scope === "read") return; // without a session there is nothing to see
    asksForToken.value = undefined;
    about.value = undefined;
  };
  const send = async () => {
    setSending(true);
    const failed = await begin(token.trim(), scope);
    setSending(false);
    setFailure(failed);
    if (failed) return;
    setToken("");
    asksForToken.value = undefined;
    beatNow();
  };
  return (
    <Dialog title={scope === "write" ? "Unlock changes" : "Sign in"} close={close} class="sign-in">
      <p>
        {scope === "write"
          ? "Give your operator token once more. For fifteen minutes things may be changed from here."
          : "The console is for operators. Give the token that stands under your name in ADMIN_TOKENS. It is sent once, and kept nowhere in this browser."}
      </p>
      {isSandbox.value && (
        <p class="quiet">
          The sandbox's token is <code>admin_sandbox</code>.
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== "" && !isSending) void send();
        }}
      >
        <label>
          Operator token
          <input
            data-first
            type="password"
            autocomplete="current-password"
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        {failure && <Failed failure={wordedFor(failure)} title="Not accepted" />}
        <div class="buttons">
          {scope === "write" && (
            <button type="button" onClick={close}>
              Keep read-only
            </button>
          )}
          <button type="submit" class="main" disabled={isSending}>
            {scope === "write" ? "Unlock" : "Sign in"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function wordedFor(failure: Failure): Failure {
  if (failure.status === 401) return { ...failure, detail: "This is no operator's token." };
  if (failure.status === 403) return { ...failure, detail: "This token may only read." };
  return failure;
}
