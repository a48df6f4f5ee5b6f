import { cards } from "../journey";

const levels = ["debug", "log", "info", "warn", "error"] as const;

/** Texts that must never be logged, whoever they belong to. */
const neverLogged = [
  "sk_test_",
  "whsec_",
  "correct-horse-9",
  "/sandbox/onboarding/",
  "eyJhbGciOi", // every JWT, and every encrypted body
  "_secret_",
  ...Object.values(cards),
];

/** Records every logged line, instead of printing it, and remembers those that contain a secret. */
export function recordLog() {
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
    /** Returns the leaks since the last call. */
    heard: () => leaks.splice(0),
    /** Returns the last warnings and errors since the last call, as a start for an investigation. */
    complaints: () => complaints.splice(0).slice(-8),
    /** Prints a line all the same. */
    say: (line: string) => original.info?.(line),
    stop: () => void Object.assign(console, original),
  };
}
