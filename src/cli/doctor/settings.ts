import { type Finding, unsure, well, wrong } from "./finding.ts";
import type { Worker } from "./worker.ts";

/**
 * Checks whether the Worker accepts these settings beside those of wrangler.toml, and says what it cannot do without
 * the missing ones.
 */
export function checkSettings(worker: Worker, vars: Record<string, string>, handed: object): Finding[] {
  try {
    worker.readEnvironment({ ...handed, ...vars });
  } catch (error) {
    const { problems = [String(error)] } = error as { problems?: readonly string[] };
    return problems.map((problem) =>
      wrong(problem, "Mend it in the file of settings or in wrangler.toml, then deploy."),
    );
  }
  const secrets = (vars.STRIPE_WEBHOOK_SECRETS ?? "").split(",").filter((one) => one.trim() !== "");
  return [
    well("The Worker takes these settings and bindings."),
    secrets.length >= 2
      ? well("The signing secrets of both webhook endpoints are there.")
      : wrong(
          `STRIPE_WEBHOOK_SECRETS holds ${secrets.length} of 2 secrets: events that are signed with others are refused`,
          "Put the secrets of the platform's endpoint and of the connected accounts' there, separated by a comma.",
        ),
    ...(vars.ADMIN_TOKENS ? [] : [wrong("The operator API is closed", "Set ADMIN_TOKENS: name:token.")]),
    ...(vars.ADMIN_TOKENS?.split(",").every((entry) => /^\s*[\w.-]+\/read:/.test(entry))
      ? [unsure("Every operator's token is a read token", "Set one without /read, or nobody can do anything.")]
      : []),
    ...(vars.WEBHOOK_SEALING_KEYS ? [] : [unsure("No webhook endpoint can be made", "Set WEBHOOK_SEALING_KEYS.")]),
    ...(vars.TRANSFERS_TOKEN_KEYS
      ? []
      : [unsure("The transfers contract issues no tokens", "Set TRANSFERS_TOKEN_KEYS, if it is to be used.")]),
  ];
}

/** Checks whether the deployment answers, which needs all settings, bindings and its database. */
export function checkStatus(baseUrl: string, status: number | null): Finding {
  if (status === 200) return well(`${baseUrl} answers: its settings, bindings and database are there.`);
  if (status === null)
    return wrong(`Nothing answers at ${baseUrl}`, "Deploy, or set BASE_URL to the deployment's address.");
  return wrong(
    `${baseUrl}/api/v1/status answers ${status}`,
    "The Worker's log names the setting or the binding that is missing: npx wrangler tail.",
  );
}
