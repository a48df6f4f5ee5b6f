/**
 * `npm run build`: what the Worker is made of beside its sources, into dist/. Nobody has to run it: wrangler does before
 * every bundle, vitest before every run, so that nothing in dist/ is ever older than what it was made from.
 */
import { writeDocuments } from "./write-documents.ts";
import { writePhoneMetadata } from "./write-phone-metadata.ts";
import { writeStripe } from "./write-stripe.ts";

writePhoneMetadata();
await writeStripe();
await writeDocuments(); // of the routes, which import the others
