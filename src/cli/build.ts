/**
 * `npm run build`: what the Worker reads as static assets, into dist/assets. Nobody has to run it: wrangler does before
 * every bundle, vitest before every run, so that nothing in dist/ is ever older than what it was made from.
 */
import numberingPlans from "libphonenumber-js/min/metadata";
import { makeDocuments } from "./make-documents.ts";
import { writeAssets } from "./write-assets.ts";

writeAssets({ ...(await makeDocuments()), "/numbering-plans.json": numberingPlans });
