import type { ErrorEntry } from "./codes/entry";
import { codesOfEveryContract } from "./codes/of-every-contract";
import { codesOfNoContract } from "./codes/of-no-contract";
import { codesOfOffers } from "./codes/of-offers";
import { codesOfPayments } from "./codes/of-payments";
import { codesOfTransfers } from "./codes/of-transfers";

/**
 * The catalogue of errors: every code that an answer may have. A code that is not here does not compile, and a test
 * names those that no operation documents. Only types of it reach the Worker; its texts are made into pages.
 */
const catalogue = {
  ...codesOfEveryContract,
  ...codesOfOffers,
  ...codesOfPayments,
  ...codesOfTransfers,
  ...codesOfNoContract,
} as const;

/** The stable name of an error, which an answer shows as `code`, or as `errorCode` in the transfers contract. */
export type ErrorCode = keyof typeof catalogue;

/** Every code with what it means, in the order of the catalogue. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorEntry>> = catalogue;
