/**
 * `npm run test:reached`: says whether tests have reached each answer that the API's description promises, by
 * operation, status and code. It is for after `npm test` and `npm run test:slow`, whose files leave what they reached.
 */
import { keyOf, readPromised, readReached } from "./answers.ts";

const promised = await readPromised();
const reached = new Set(readReached().map(keyOf));
const missing = promised.map(keyOf).filter((key) => !reached.has(key));
const codes = new Set(promised.flatMap(({ code }) => code ?? []));
const missingCodes = [...codes].filter((code) => ![...reached].some((key) => key.endsWith(` ${code}`)));

for (const key of missing) console.log(`never reached: ${key}`);
console.log(`${promised.length - missing.length} of ${promised.length} documented answers reached by tests`);
console.log(`${codes.size - missingCodes.length} of ${codes.size} codes reached by tests`);
process.exit(missing.length === 0 ? 0 : 1);
