import * as z from "zod";
import { newKeyPair } from "../../crypto/jwe";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { makeToken } from "../../crypto/tokens";
import { isAppHandle } from "../../domain/transfers/tag";
import { described } from "../described";
import { defineRoute } from "../serve";
import { newApplication } from "./application-fields";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
import { privateJwkObject } from "./jwk-object";
import { notSetUp } from "./not-set-up";
import { envelopeOf, succeedWithNew } from "./print-success";
import { refuseTarget } from "./target";

const appHandle = z
  .string()
  .refine(isAppHandle, "must be 3 to 32 small letters, digits and dashes, and not begin with a dash")
  .meta({ example: "walletapp", pattern: "^[a-z0-9][a-z0-9-]{2,31}$" });

export const registerApplication = defineRoute(transfersDialect, {
  operationId: "register-application",
  method: "post",
  path: "/applications",
  ...described(() => ({
    tag: "Applications",
    summary: "Register an application",
    description:
      "`clientSecret`, `webhookSecret` and `appPrivateJwk` are shown this once. Until an operator admits it, an application can do nothing.",
    bodyExample: {
      name: "WalletApp",
      appHandle: "walletapp",
      transactionWebhookUrl: "https://wallet.example.com/webhooks/transactions",
    },
    responses: {
      201: {
        description: "Registered",
        schema: envelopeOf(
          applicationObject
            .extend({ clientSecret: z.string(), webhookSecret: z.string(), appPrivateJwk: privateJwkObject })
            .meta({ id: "ApplicationWithSecrets" }),
        ),
      },
    },
    errors: { 409: ["DUPLICATE_APP_HANDLE"] },
  })),
  access: "anyone",
  securityEvent: "registration",
  keyed: false,
  body: newApplication.extend({ appHandle }),
  quota: { name: "register", count: ({ quotas }, _, uses) => quotas.register(uses) },
  async handle({ edge, body, takeUse, perform }) {
    const { deps, settings } = edge;
    const refused = refuseTarget(edge, "transactionWebhookUrl", body.transactionWebhookUrl);
    if (refused) return refused;
    if (settings.sealingKeys.length === 0) return notSetUp(edge, "WEBHOOK_SEALING_KEYS");
    const stop = await takeUse();
    if (stop) return stop;
    const id = deps.newId();
    edge.about = id;
    const { token: clientSecret, hash: clientSecretHash } = makeToken("app");
    const webhookSecret = newSigningSecret();
    const { publicJwk, privateJwk } = await newKeyPair(`${id}:1`);
    const result = await perform({
      name: "register-application",
      input: {
        ...body,
        id,
        clientSecretHash,
        webhookSecret: await seal(settings.sealingKeys, webhookSecret, id),
        publicKey: publicJwk,
        active: settings.admitsAtOnce,
      },
    });
    if (!result.ok) return result;
    const secrets = { clientSecret, webhookSecret, appPrivateJwk: privateJwk };
    return succeedWithNew(edge, "Application registered", { ...toApplication(result.value), ...secrets });
  },
});
