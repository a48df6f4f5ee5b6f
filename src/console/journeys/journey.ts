/** The answer of a hosted page of the sandbox to its form. */
export interface PageAnswer {
  status: number;
  /** Whether the page sends the person on, as after a payment. */
  leadsOn: boolean;
  text: string;
}

/** The program that tells a journey: `npm run demo` in a shell, or the Welcome in a browser. */
export interface Teller {
  /** The options of every typed client. */
  readonly server: { baseUrl: string; fetch: (request: Request) => Promise<Response> };
  /** Whether a person looks on, who may do on a page what the next step does for them. */
  readonly isWatched: boolean;
  /** Sends the form of one of Stripe's pages, as a person would. */
  submit(page: string, fields: Record<string, string>): Promise<PageAnswer>;
  /** Asks the emulator as any Stripe client would. */
  stripe<Found>(path: string): Promise<Found>;
  /** Uses a control of the sandbox. */
  control<Answer>(method: "GET" | "POST", name: string, body?: object): Promise<Answer>;
  /** Asks until there is an answer; `what` says what is waited for. */
  until<Found>(what: string, ask: () => Promise<Found | undefined>): Promise<Found>;
  /** Shows lines below the step. */
  show(...lines: string[]): void;
  /** Shows the address of a page that a browser can open. */
  showPage(address: string): void;
}

/** One step: what happens and why, and how it is taken. */
export interface Step<Kept extends object> {
  title: string;
  why: string;
  /** Takes the step by the typed clients. Returns what later steps need. Throws if anything is not as it should be. */
  take(teller: Teller, kept: Kept): Promise<Partial<Kept>> | Promise<void>;
}

export interface Chapter<Kept extends object> {
  title: string;
  steps: readonly Step<Kept>[];
  /** The work that puts things back when the chapter ends, in whatever way. */
  end?(teller: Teller, kept: Partial<Kept>): Promise<void>;
}

/** The values that every journey keeps. */
export interface KeptByAll {
  /** An id of the object that it is about, whose timeline shows what happened. */
  about: string;
}

/** The story of one contract, as data. It is told in a shell and in a browser alike. */
export interface Journey<Kept extends KeptByAll = KeptByAll> {
  name: "offers" | "payments" | "transfers";
  title: string;
  /** The noun for the object that its timeline shows. */
  object: string;
  /** The story in a sentence. */
  summary: string;
  chapters: readonly Chapter<Kept>[];
}
