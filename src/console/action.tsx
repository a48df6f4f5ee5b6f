import { signal } from "@preact/signals";
import type { Typed } from "./action-fields";
import { wordsOf } from "./parts/icon";
import { asksForToken, isUnlocked } from "./session";

/** A change that an operator may make, as it is sent but for what the operator types. */
export interface Action {
  operation: string;
  method: string;
  path: string;
  body?: Readonly<Record<string, unknown>> | null;
  /** The fields that a person types, beside the placeholders in the body. */
  typed?: readonly Typed[];
  headers?: Readonly<Record<string, string>> | null;
  /** The object that it changes. */
  object: string;
  /** Its words, where those of the operation do not say what it does here. */
  verb?: string;
  /** A sentence that says what happens, where it is not what the operation always does. */
  what?: string;
  /** Whether the server tells what would happen before it does. */
  isForetold?: boolean;
  /** The state that the page saw, where it is no aggregate with a version. */
  seen?: string;
  currency?: string | null;
}

/** The words of an action. That the operator may do it for everybody need not be said. */
export function verbOf({ operation, verb }: Action): string {
  return verb ?? wordsOf(operation.replace(/-of-(any|all)$/, "")).replace("stripe", "Stripe");
}

/** The action that is about to be confirmed. */
export const about = signal<Action | undefined>(undefined);

/** A button that opens an action's dialog, or first the one that unlocks. */
export function Act({
  action,
  label = verbOf(action),
  main = false,
}: {
  action: Action;
  label?: string;
  main?: boolean;
}) {
  return (
    <button
      type="button"
      class={main ? "main" : ""}
      data-operation={action.operation}
      onClick={() => {
        about.value = action;
        if (!isUnlocked.value) asksForToken.value = "write";
      }}
    >
      {label}…
    </button>
  );
}
