import { journey } from "./checked";

const token = "admin_sandbox";

/** Does something while the time that a restored database has lost is searched. */
export async function inRecovery(act: () => Promise<void>): Promise<void> {
  const body = { restored_to: new Date(Date.now() - 3_600_000).toISOString() };
  await journey.must(200, "POST", "/admin/restore", { token, body });
  await act();
  await journey.must(204, "POST", "/admin/restore/end", { token });
}
