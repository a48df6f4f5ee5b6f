/**
 * Returns two commands for bash and zsh: one makes an endpoint that sends to a box and shows its secret, one sends a
 * test event.
 */
export function firstWebhook(origin: string, box: string): string {
  return `ENDPOINT=$(curl -s ${origin}/api/v1/webhook-endpoints \\
  -H "Authorization: Bearer admin_sandbox" -H "Content-Type: application/json" \\
  -d '{ "url": "${origin}/sandbox/inbox/${box}", "events": ["*"] }'); echo "$ENDPOINT"
curl -s -X POST -H "Authorization: Bearer admin_sandbox" \\
  ${origin}/api/v1/webhook-endpoints/$(echo "$ENDPOINT" | grep -o '"id":"[^"]*' | cut -d '"' -f 4)/test`;
}
