import type { MailStatus } from "./campaign";

/** A report of the mail service: its status and number. */
export interface MailReport {
  readonly status: MailStatus;
  readonly sequence: number;
}

/** What the execution of a campaign begins with. */
export interface RunStart {
  readonly id: string;
  readonly createdAt: string;
}

/** What its states hand on once the mail service has been asked. */
export interface Run extends RunStart {
  /** The last report that the execution has come to know of. */
  readonly mail: MailReport;
}

/** What they hand on after an error. */
export interface BrokenRun extends RunStart {
  readonly error: { readonly Error: string; readonly Cause?: string };
}
