import type { ObjectReport } from '../types';

const MAX_LENGTH = 80;

/**
 * A report as it may be shown and kept: without secrets, and no value longer
 * than 80 characters. The values come whole, since half a secret that is cut is
 * not recognised.
 * @param hide takes the secrets out of a text
 */
export function shownReport(
  report: ObjectReport,
  hide: (text: string) => string,
): ObjectReport {
  const { reason, diff } = report;
  const value = (text: string | undefined) =>
    text === undefined ? undefined : shortened(hide(text));
  return {
    ...report,
    ...(reason !== undefined && { reason: hide(reason) }),
    ...(diff && {
      diff: diff.map(({ path, from, to }) => ({
        path: hide(path),
        from: value(from),
        to: value(to),
      })),
    }),
  };
}

function shortened(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text;
}
