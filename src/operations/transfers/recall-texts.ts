import { selectTransfer, type TransferView } from "../../db/transfers/transfers";
import type { Recall } from "../operation";

/** Leaves the sender's texts out of a transfer. They never change. */
export function withoutTexts({ narration: _, callbackUrl: __, metadata: ___, ...transfer }: TransferView) {
  return transfer;
}

/** The answer of a request that only names the transfer. */
export const recallTexts: Recall<{ reference: string }, TransferView> = {
  keep: withoutTexts,
  async again(kept, { reference }, db) {
    const [[transfer]] = await db.batch([selectTransfer(db, reference)]);
    const { narration = null, callbackUrl = null, metadata = null } = transfer ?? kept;
    return { ...kept, narration, callbackUrl, metadata };
  },
};
