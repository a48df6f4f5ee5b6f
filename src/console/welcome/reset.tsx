import { useState } from "preact/hooks";
import { Dialog } from "../parts/dialog";
import { change } from "./control";
import { forgetAll } from "./telling";

/** Empties the sandbox, after a question. */
export function Reset() {
  const [isAsked, setAsked] = useState(false);
  const [isRunning, setRunning] = useState(false);
  const close = () => setAsked(false);
  const reset = async () => {
    setRunning(true);
    forgetAll();
    await change("POST", "reset");
    setRunning(false);
    close();
  };
  return (
    <>
      <button type="button" onClick={() => setAsked(true)}>
        Start afresh…
      </button>
      {isAsked && (
        <Dialog title="Start afresh?" close={close}>
          <p>
            Everything in this sandbox is deleted, in the database and at the emulator of Stripe. All faults end, and
            the clock is that of this machine.
          </p>
          <div class="buttons">
            <button type="button" data-first onClick={close}>
              Keep everything
            </button>
            <button type="button" class="main" disabled={isRunning} onClick={() => void reset()}>
              {isRunning ? "Deleting" : "Delete everything"}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
