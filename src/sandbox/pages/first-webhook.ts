/** Two commands for bash and zsh: an endpoint that sends to a box, and a test event. The first shows the secret. */
export function firstWebhook(origin: string, box: string): string {
  return `ENDPOINT=$(curl -s ${origin}/api/v1/webhook-endpoints \\
  -H "Authorization: Bearer admin_sandbox" -H "Content-Type: application/json" \\
  -d '{ "url": "${origin}/sandbox/inbox/${box}", "events": ["*"] }'); echo "$ENDPOINT"
curl -s -X POST -H "Authorization: Bearer admin_sandbox" \\
  ${origin}/api/v1/webhook-endpoints/$(echo "$ENDPOINT" | grep -o '"id":"[^"]*' | cut -d '"' -f 4)/test`;
}
