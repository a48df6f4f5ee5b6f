/**
 * The security events, as the log names them (src/guides/operate.md#the-log). Whether it was done or refused is the
 * event's `outcome`.
 */
export type SecurityEvent =
  | "login"
  | "registration"
  | "credentials_changed"
  | "session_ended"
  | "token_issued"
  | "token_refused"
  | "token_revoked"
  | "operator_token_refused"
  | "secret_rotated"
  | "user_suspended"
  | "user_restored"
  | "user_deleted"
  | "application_admitted"
  | "personal_data_viewed";

/** A caller, by what it is and its id; an operator by name. */
export interface Who {
  kind: string;
  id: string;
}
