/** A credential, or what returns the present one: the tokens of the transfers contract last an hour. */
export type Credential = string | (() => string | Promise<string>);

/** Settings of a client: where its server is, and how patient it is. */
export interface ClientOptions {
  /** Where Accord is, such as `https://pay.example.com`. */
  baseUrl: string;
  /** Sends a request. The global `fetch` unless given. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** After how long without an answer it counts as lost; 30 s unless given. */
  timeoutMs?: number | undefined;
  /** For how long a call is repeated before its failure is thrown; a minute unless given, never if 0. */
  patienceMs?: number | undefined;
}

/** Settings of one call, beside its request. */
export interface CallOptions {
  /** Ends the call, and its repeats, with the signal's reason. */
  signal?: AbortSignal | undefined;
}
