/**
 * `npm run build`: makes what the Worker reads as static assets, into dist/assets. Nobody has to run it: wrangler does
 * before every bundle and vitest before every run, so that nothing in dist/ is older than its sources.
 */
import numberingPlans from "libphonenumber-js/min/metadata";
import { makeDocuments } from "./make-documents.ts";
import { writeAssets } from "./write-assets.ts";

writeAssets({ ...(await makeDocuments()), "/numbering-plans.json": numberingPlans });
