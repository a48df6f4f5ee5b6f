import { cards } from "../journey";

const levels = ["debug", "log", "info", "warn", "error"] as const;

/** What must never be logged, whoever it belongs to. */
const neverLogged = [
  "sk_test_",
  "whsec_",
  "correct-horse-9",
  "/sandbox/onboarding/",
  "eyJhbGciOi", // every JWT, and every encrypted body
  "_secret_",
  ...Object.values(cards),
];

/** Reads every line that is logged, instead of the terminal, and remembers those that show a secret. */
export function eavesdrop() {
  const secrets: string[] = [...neverLogged];
  const leaks: string[] = [];
  const complaints: string[] = [];
  const original = Object.fromEntries(levels.map((level) => [level, console[level]]));
  for (const level of levels) {
    console[level] = (...parts: unknown[]) => {
      const line = parts.map(String).join(" ");
      if (level === "warn" || level === "error") complaints.push(line);
      if (secrets.some((one) => line.includes(one))) leaks.push(`a secret was logged: ${line}`);
    };
  }
  return {
    secrets,
    /** The leaks since the last time. */
    heard: () => leaks.splice(0),
    /** The last warnings and errors since the last time: where to begin to look. */
    complaints: () => complaints.splice(0).slice(-8),
    /** Says something all the same. */
    say: (line: string) => original.info?.(line),
    stop: () => void Object.assign(console, original),
  };
}
