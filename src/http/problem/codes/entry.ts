/** The entry of a code in the catalogue of errors. It is made for readers, and the Worker does not contain it. */
export interface ErrorEntry {
  /** One sentence that says what happened. */
  means: string;
  /** One sentence that says what the caller does next. */
  next: string;
  /** Whether the same request may succeed later without any other change. */
  retryable?: true;
}
