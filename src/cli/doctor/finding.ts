/** The result of one check: it is well, or what to do about it. `unsure` means that it cannot be seen from outside. */
export interface Finding {
  what: string;
  state: "well" | "unsure" | "wrong";
  /** Advice for the person who can repair it. */
  todo?: string;
}

export function well(what: string): Finding {
  return { what, state: "well" };
}

export function unsure(what: string, todo: string): Finding {
  return { what, state: "unsure", todo };
}

export function wrong(what: string, todo: string): Finding {
  return { what, state: "wrong", todo };
}
