/** What the catalogue of errors says about a code. It is made for readers, and the Worker does not contain it. */
export interface ErrorEntry {
  /** What happened, in one sentence. */
  means: string;
  /** What the caller does next, in one sentence. */
  next: string;
  /** Whether the same request may succeed later without any other change. */
  retryable?: true;
}
