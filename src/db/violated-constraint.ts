/**
 * Returns the violated constraint of an error: "UNIQUE constraint failed: journal.aggregate_id, …" →
 * "journal.aggregate_id, …"; undefined for any other error.
 */
export function violatedConstraint(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const match = /(?:UNIQUE|CHECK|NOT NULL|FOREIGN KEY) constraint failed(?:: ([\w., ]+?))?(?:: SQLITE|$)/.exec(
      cause.message,
    );
    if (match) return match[1] ?? "foreign key";
  }
  return undefined;
}
