/**
 * `npm run build`: what the Worker is made of beside its sources, into dist/. Nobody has to run it: wrangler does before
 * every bundle, vitest before every run, so that nothing in dist/ is ever older than what it was made from.
 */
import { makeDocuments } from "./make-documents.ts";
import { numberingPlans } from "./numbering-plans.ts";
import { writeAssets } from "./write-assets.ts";
import { writeIban } from "./write-iban.ts";
import { writeStripe } from "./write-stripe.ts";

await Promise.all([writeStripe(), writeIban()]);
const documents = await makeDocuments(); // of the routes, which import the others
writeAssets({ ...documents, "/numbering-plans.json": numberingPlans() });
