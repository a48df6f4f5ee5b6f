import type { Guide } from "./guides.ts";

/** Prints `/llms.txt` (https://llmstxt.org): where a program that reads finds the guides and the descriptions. */
export function printLlmsText(guides: readonly Guide[]): string {
  const lines = guides.map(({ name, title, about }) => `- [${title}](/guides/${name}.md): ${about}`);
  return `# Accord

> A payments service with three contracts under /api/v1: marketplace offers, payments on connected accounts, and transfers between applications. It keeps a double-entry ledger of every cent.

## Guides

${lines.join("\n")}

## API descriptions

- [The whole API](/api/v1/openapi.json): OpenAPI 3.1
- [Offers](/api/v1/openapi/offers.json): OpenAPI 3.1
- [Payments](/api/v1/openapi/payments.json): OpenAPI 3.1
- [Transfers](/api/v1/openapi/transfers.json): OpenAPI 3.1

## Typed clients

- [Offers](/client/offers.ts): one TypeScript file
- [Payments](/client/payments.ts): one TypeScript file
- [Transfers](/client/transfers.ts): one TypeScript file
`;
}
