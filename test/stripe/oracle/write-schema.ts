import { writeFileSync } from "node:fs";
import { generateSchema, schemaFile } from "./generate-schema.ts";

writeFileSync(schemaFile, generateSchema());
