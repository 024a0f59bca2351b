/** What one check found. */
export interface Finding {
  readonly status: 'ok' | 'warn' | 'fail' | 'skip';
  /** One line. */
  readonly detail: string;
  /** With warn and fail: what to do about it. */
  readonly fix?: string;
}

export interface Check {
  readonly name: string;
  readonly look: () => Promise<Finding>;
}

/** One line of the report, and one object of `--json`. */
export interface Result extends Finding {
  readonly name: string;
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail });
export const skip = (detail: string): Finding => ({ status: 'skip', detail });
export const warn = (detail: string, fix: string): Finding => ({
  status: 'warn',
  detail,
  fix,
});
export const fail = (detail: string, fix: string): Finding => ({
  status: 'fail',
  detail,
  fix,
});
