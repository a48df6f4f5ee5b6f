const base = process.env.BASE_URL ?? "http://localhost:8787";
const token = process.env.ADMIN_TOKEN ?? "admin_sandbox";

/**
 * Asks the operator API of the running server (BASE_URL, ADMIN_TOKEN) and returns its answer. With a body, the request
 * is a change. If there is no answer, it says why and ends the program with exit code 2.
 */
export async function askOperator<Answer>(path: string, body?: unknown): Promise<Answer> {
  const url = `${base}/api/v1/admin${path}`;
  const authorization = `Bearer ${token}`;
  const sent = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization, "Content-Type": "application/json" },
  };
  const response = await fetch(url, body === undefined ? { headers: { authorization } } : sent).catch(() =>
    giveUp(`Nothing answers at ${base}. Is it running (npm start)? Set BASE_URL for another address.`),
  );
  if (response.status === 401 || response.status === 404) {
    giveUp(`${url} answered ${response.status}. Set ADMIN_TOKEN to one of the server's operator tokens.`);
  }
  if (!response.ok) giveUp(`${url} answered ${response.status}: ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(2);
}
