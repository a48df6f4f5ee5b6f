import * as z from "zod";
import { newKeyPair } from "../../crypto/jwe";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { makeToken } from "../../crypto/tokens";
import { selectApplicationByHandle } from "../../db/transfers/applications";
import { isRepeated } from "../../domain/registration";
import { isAppHandle } from "../../domain/transfers/tag";
import { described, forDescription } from "../described";
import { registrationOf } from "../lost-registration";
import { networkOf } from "../network-of";
import { defineRoute } from "../serve";
import { newApplication } from "./application-fields";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
import { privateJwkObject } from "./jwk-object";
import { notSetUp } from "./not-set-up";
import { envelopeOf, succeedWithNew } from "./print-success";
import { refuseTarget } from "./target";

const appHandle = () =>
  z
    .string()
    .refine(isAppHandle, "must be 3 to 32 small letters, digits and dashes, and not begin with a dash")
    .meta(forDescription(() => ({ example: "walletapp", pattern: "^[a-z0-9][a-z0-9-]{2,31}$" })));

export const registerApplication = defineRoute(transfersDialect, {
  operationId: "register-application",
  method: "post",
  path: "/applications",
  ...described(() => ({
    tag: "Applications",
    summary: "Register an application",
    description:
      "`clientSecret`, `webhookSecret` and `appPrivateJwk` are shown this once. Until an operator admits it, an application can do nothing. With an `Idempotency-Key` of at least 32 characters a lost answer can be asked for again: for an hour, from the same address, and while the `clientSecret` was not used, the same request answers the same application with other secrets.",
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
  bodyLimitBytes: 32 * 1024,
  body: () => newApplication().extend({ appHandle: appHandle() }),
  quota: { name: "register", count: ({ quotas }, _, uses) => quotas.register(uses) },
  load: ({ db, body }) => [selectApplicationByHandle(db, body?.appHandle ?? "")],
  find: ([[known]]) => known,
  async handle({ edge, request, body, found, takeUse, perform }) {
    const { deps, settings } = edge;
    const refused = refuseTarget(edge, "transactionWebhookUrl", body.transactionWebhookUrl);
    if (refused) return refused;
    if (settings.sealingKeys.length === 0) return notSetUp(edge, "WEBHOOK_SEALING_KEYS");
    const stop = await takeUse();
    if (stop) return stop;
    const registration = registrationOf(request.headers, networkOf(edge.address), body);
    const repeated = found && isRepeated(found, registration, deps.nowMs()) ? found : undefined;
    const id = repeated?.id ?? deps.newId();
    edge.about = id;
    const keyVersion = (repeated?.keyVersion ?? 0) + 1;
    const { token: clientSecret, hash, prefix } = makeToken("app");
    const webhookSecret = newSigningSecret();
    const { publicJwk, privateJwk } = await newKeyPair(`${id}:${keyVersion}`);
    const result = await perform({
      name: "register-application",
      input: {
        ...body,
        id,
        registration,
        clientSecret: { hash, prefix },
        webhookSecret: await seal(settings.sealingKeys, webhookSecret, id),
        publicKey: publicJwk,
        keyVersion,
        active: settings.admitsAtOnce,
      },
    });
    if (!result.ok) return result;
    const secrets = { clientSecret, webhookSecret, appPrivateJwk: privateJwk };
    return succeedWithNew(edge, "Application registered", { ...toApplication(result.value), ...secrets });
  },
});
