import { isCharged } from "./currency-rules";
import type { FormRecord, FormValue } from "./form";
import { invalid } from "./refusal";

/** Twelve digits, the limit of the only currency that allows so many. */
const LARGEST_AMOUNT = 999_999_999_999;

/**
 * Reads typed values from a parsed form. Every refusal names the parameter as Stripe does: `line_items[0][quantity]`.
 */
export class Parameters {
  constructor(
    readonly record: FormRecord,
    private readonly prefix = "",
  ) {}

  has(name: string): boolean {
    return this.record[name] !== undefined;
  }

  text(name: string): string | null {
    const value = this.record[name];
    if (value === undefined || value === "") {
      return null;
    }
    if (typeof value !== "string") {
      throw invalid(this.path(name), `Invalid string: ${JSON.stringify(value)}`);
    }
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null) {
      throw invalid(this.path(name), `Missing required param: ${this.path(name)}.`, "parameter_missing");
    }
    return value;
  }

  /** Reads a text of at most so many characters. */
  shortText(name: string, max: number): string | null {
    const value = this.text(name);
    if (value !== null && value.length > max) {
      throw invalid(this.path(name), `Invalid string: ${value.slice(0, 9)}...; must be at most ${max} characters`);
    }
    return value;
  }

  email(name: string): string | null {
    const value = this.text(name);
    if (value !== null && !/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value)) {
      throw invalid(this.path(name), `Invalid email address: ${value}`, "email_invalid");
    }
    return value;
  }

  /**
   * Reads the text that follows an account's name on a card's statement.
   * https://docs.stripe.com/get-started/account/statement-descriptors#requirements
   */
  descriptorSuffix(name = "statement_descriptor_suffix"): string | null {
    const value = this.text(name);
    if (value === null) {
      return null;
    }
    if (value.length > 22) {
      throw invalid(this.path(name), "The statement descriptor suffix must be at most 22 characters.");
    }
    if (/[<>\\'"*]/.test(value)) {
      throw invalid(this.path(name), `Invalid characters in ${this.path(name)}: < > \\ ' " * are not allowed.`);
    }
    if (!/[A-Za-z]/.test(value)) {
      throw invalid(this.path(name), "The statement descriptor suffix must contain at least one Latin character.");
    }
    return value;
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | null {
    const value = this.text(name);
    if (value === null) {
      return null;
    }
    const known = allowed.find((candidate) => candidate === value);
    if (known === undefined) {
      throw invalid(this.path(name), `Invalid ${this.path(name)}: must be one of ${allowed.join(", ")}`);
    }
    return known;
  }

  integer(name: string): number | null {
    const value = this.text(name);
    if (value === null) {
      return null;
    }
    if (!/^-?\d{1,15}$/.test(value)) {
      throw invalid(this.path(name), `Invalid integer: ${value}`, "parameter_invalid_integer");
    }
    return Number(value);
  }

  /** Reads an amount in minor units, from 1 up. The currency's limits are checked elsewhere. */
  amount(name: string): number | null {
    const value = this.integer(name);
    if (value !== null && value < 1) {
      throw invalid(this.path(name), "This value must be greater than or equal to 1.", "parameter_invalid_integer");
    }
    if (value !== null && value > LARGEST_AMOUNT) {
      throw invalid(this.path(name), "Amount must be no more than 9,999,999,999.99", "amount_too_large");
    }
    return value;
  }

  requiredAmount(name: string): number {
    this.required(name);
    return this.amount(name) ?? 0;
  }

  requiredNonNegative(name: string): number {
    this.required(name);
    const value = this.integer(name) ?? 0;
    if (value < 0) {
      throw invalid(this.path(name), "Invalid non-negative integer", "parameter_invalid_integer");
    }
    return value;
  }

  /** Reads a currency of ISO 4217, in lower case as at Stripe. */
  currency(name = "currency"): string {
    const value = this.required(name).toLowerCase();
    if (!isCharged(value)) {
      throw invalid(this.path(name), `Invalid currency: ${value}.`);
    }
    return value;
  }

  flag(name: string): boolean | null {
    const value = this.text(name);
    if (value !== null && value !== "true" && value !== "false") {
      throw invalid(this.path(name), `Invalid boolean: ${value}`);
    }
    return value === null ? null : value === "true";
  }

  child(name: string): Parameters {
    const value = this.record[name];
    return new Parameters(isRecord(value) ? value : {}, this.path(name));
  }

  items(name: string): Parameters[] {
    const value = this.record[name];
    if (!Array.isArray(value)) {
      return [];
    }
    return value.map((item, index) => new Parameters(isRecord(item) ? item : {}, `${this.path(name)}[${index}]`));
  }

  /** Reads `name[]=a&name[]=b` as `[a, b]`. */
  texts(name: string): string[] {
    const value = this.record[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  /** Reads metadata within Stripe's limits: 50 keys of 40 characters, values of 500. */
  metadata(name = "metadata"): Record<string, string> {
    const entries = Object.entries(this.record[name] || {}).filter(([, value]) => value !== "");
    if (entries.length > 50) {
      throw invalid(this.path(name), `Metadata can have at most 50 keys; you passed in ${entries.length}.`);
    }
    for (const [key, value] of entries) {
      if (typeof value !== "string" || value.length > 500) {
        throw invalid(this.path(name), `Metadata values can have up to 500 characters, but '${key}' has more.`);
      }
      if (/[[\]]/.test(key)) {
        throw invalid(this.path(name), `Metadata keys can't contain square brackets, but you passed in '${key}'.`);
      }
      if (key.length > 40) {
        throw invalid(this.path(name), `Metadata keys can have up to 40 characters, but you passed in '${key}'.`);
      }
    }
    return Object.fromEntries(entries) as Record<string, string>;
  }

  /** Returns updated metadata: given keys are replaced, keys given as "" are deleted, the others stay. */
  mergedMetadata(old: Record<string, string> | null): Record<string, string> {
    const given = this.record.metadata;
    if (given === undefined) {
      return old ?? {};
    }
    if (given === "") {
      return {};
    }
    const kept = Object.entries(old ?? {}).filter(([key]) => (given as FormRecord)[key] === undefined);
    return { ...Object.fromEntries(kept), ...this.metadata() };
  }

  private path(name: string): string {
    return this.prefix === "" ? name : `${this.prefix}[${name}]`;
  }
}

function isRecord(value: FormValue | undefined): value is FormRecord {
  return typeof value === "object" && !Array.isArray(value);
}
