import { executorContext } from '../../testing/executor-context';
import { slipwayError } from '../../testing/slipway-error';
import { assertOwnRecord } from './own-record';

const EXECUTOR = 'nx-slipway:custom-build';

/** Checks the target `custom-build` beside another one of the same project. */
function check(
  recordFile: string | undefined,
  other: { executor: string; recordFile?: string },
) {
  const context = executorContext({
    root: '/ws',
    projects: {
      app: {
        root: 'apps/app',
        targets: {
          'custom-build': { executor: EXECUTOR, options: { recordFile } },
          debug: {
            executor: other.executor,
            options: { recordFile: other.recordFile },
          },
        },
      },
    },
  });
  return () => assertOwnRecord({ recordFile }, context);
}

describe('the record of a target', () => {
  it.each([undefined, 'dist/web.json'])(
    'is no other target of its project: %s',
    (recordFile) => {
      const other = { executor: EXECUTOR, recordFile };
      expect(check(recordFile, other)).toThrow(
        slipwayError(
          'SLIPWAY_E_OPTION_CONFLICT',
          /app:custom-build and app:debug would write one image record/,
        ),
      );
    },
  );

  it("may be the project's where others have their own", () => {
    const other = { executor: EXECUTOR, recordFile: 'debug.json' };
    expect(check(undefined, other)).not.toThrow();
  });

  it('is not what targets of other executors have', () => {
    expect(check(undefined, { executor: 'nx:run-commands' })).not.toThrow();
  });
});
