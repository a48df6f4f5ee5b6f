import type { Application, Subject, Tag } from "../../db/transfers/applications";
import type { SettlementBatch } from "../../db/transfers/settlements";
import type { EcJwk } from "../../db/transfers/tables";
import type { TransferWebhook } from "../../db/transfers/transfer";
import type { TransferView } from "../../db/transfers/transfers";
import type { Wallet } from "../../db/transfers/wallets";

/** The actor: an application by its token, the operator by name, or the clock. */
export type TransferActor = { application: string } | { operator: string } | "clock";

/**
 * All commands of the transfers contract. None calls Stripe between reading and writing, so none takes a lock: the
 * journal's unique key decides, and whoever loses reads again. Amounts are integers of scale 4; secrets arrive hashed
 * or sealed.
 */
export interface TransferCommands {
  "register-application": {
    input: {
      id: string;
      name: string;
      appHandle: string;
      clientSecretHash: string;
      webhookSecret: string;
      transactionWebhookUrl: string | null;
      redirectUris: string | null;
      logoUrl: string | null;
      metadata: Record<string, unknown> | null;
      encryptionEnabled: boolean;
      publicKey: EcJwk;
      /** True in the sandbox; in production an operator activates it (src/guides/decisions.md#debit-limit). */
      active: boolean;
    };
    output: Application;
  };
  "update-application": {
    input: {
      id: string;
      changes: Partial<
        Pick<
          Application,
          "name" | "transactionWebhookUrl" | "redirectUris" | "logoUrl" | "metadata" | "encryptionEnabled"
        >
      >;
    };
    output: Application;
  };
  "rotate-application-key": { input: { id: string; publicKey: EcJwk; keyVersion: number }; output: Application };
  "rotate-application-webhook-secret": { input: { id: string; webhookSecret: string }; output: Application };
  /** Requested by the operator: activation, the administrator's role, and the debit limit (null for none). */
  "admit-application": {
    input: { id: string; operator: string; active?: boolean; admin?: boolean; debitLimit?: number | null };
    output: Application;
  };
  "create-subject": {
    input: Pick<Subject, "applicationId" | "externalId" | "displayName" | "email" | "imageUrl" | "metadata">;
    output: Subject;
  };
  "create-tag": { input: { applicationId: string; subjectId: string; tagString: string }; output: Tag };
  "provision-wallet": { input: { applicationId: string; currency: string }; output: Wallet };

  "initiate-transfer": {
    input: {
      applicationId: string;
      /** The tags as written: "alice", "@alice", "alice@walletapp" or "@alice@walletapp". */
      senderTag: string;
      receiverTag: string;
      amount: number;
      currency: string;
      narration: string | null;
      callbackUrl: string | null;
    };
    output: TransferView;
  };
  "accept-transfer": { input: { applicationId: string; reference: string }; output: TransferView };
  "reject-transfer": {
    input: { applicationId: string; reference: string; reason: string | null };
    output: TransferView;
  };
  /** Requested by the clock. A transfer that was resolved meanwhile stays as it is. */
  "expire-transfer": { input: { reference: string }; output: null };
  "retry-transfer-webhook": { input: { applicationId: string; id: string }; output: TransferWebhook };

  /**
   * Closes the day, then counts it, per currency. A settled day returns its former result. `answered` is the currency
   * without whose batch nothing is done.
   */
  "settle-day": {
    input: { day: string; answered?: string; by: TransferActor };
    output: { batches: SettlementBatch[] };
  };
}
