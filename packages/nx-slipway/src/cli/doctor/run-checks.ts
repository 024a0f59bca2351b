import { SlipwayError, formatDuration, oneLine } from '../../report';
import { fail, type Check, type Finding, type Result } from './finding';

/**
 * Runs all checks at once and tells them in their order. What one throws is its
 * finding: the others are told all the same.
 * @param deadline milliseconds for each
 */
export function runChecks(
  checks: readonly Check[],
  deadline: number,
): Promise<Result[]> {
  return Promise.all(
    checks.map(async ({ name, look }) => ({
      name,
      ...onOneLine(await inTime(finding(look), deadline)),
    })),
  );
}

async function finding(look: Check['look']): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof SlipwayError) {
      const { code, message, hint } = error;
      const fix = hint ?? `See ${code} in the documentation of errors.`;
      return fail(message, fix);
    }
    return fail(
      `this check itself failed: ${String(error)}`,
      'Report it as a defect of nx-slipway.',
    );
  }
}

async function inTime(
  looking: Promise<Finding>,
  deadline: number,
): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () =>
        resolve(
          fail(
            `no answer in ${formatDuration(deadline)}.`,
            'See whether what is asked hangs.',
          ),
        ),
      deadline,
    );
  });
  try {
    return await Promise.race([looking, late]);
  } finally {
    clearTimeout(timer);
  }
}

function onOneLine({ detail, fix, ...finding }: Finding): Finding {
  const one = { ...finding, detail: oneLine(detail) };
  return fix === undefined ? one : { ...one, fix: oneLine(fix) };
}
