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
  /** A sentence that says what happens. */
  what?: string;
  /** Whether the server tells what would happen before it does. */
  isForetold?: boolean;
  /** The state that the page saw, where it is no aggregate with a version. */
  seen?: string;
  currency?: string | null;
}

/** The words of an operation. That the operator may do it for everybody need not be said. */
export function verbOf(operation: string): string {
  return wordsOf(operation.replace(/-of-(any|all)$/, ""));
}

/** The action that is about to be confirmed. */
export const about = signal<Action | undefined>(undefined);

/** A button that opens an action's dialog, or first the one that unlocks. */
export function Act({
  action,
  label = verbOf(action.operation),
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
