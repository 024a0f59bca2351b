import { exitCodeIn, statusIn } from './status';

const causes = (message: string) => ({
  details: { causes: [{ reason: 'ExitCode', message }] },
});

describe('the Status at the end of a command', () => {
  it('is read once it has come whole', () => {
    expect(statusIn('{"status":"Succ')).toBeUndefined();
    expect(statusIn('{"status":"Success"}')).toEqual({ status: 'Success' });
  });

  it('holds the exit code', () => {
    expect(exitCodeIn({ status: 'Success' })).toEqual({ exitCode: 0 });
    const failed = { status: 'Failure', reason: 'NonZeroExitCode' };
    expect(exitCodeIn({ ...failed, ...causes('137') })).toEqual({
      exitCode: 137,
    });
  });

  it.each([
    { status: 'Failure', reason: 'InternalError', message: 'no such thing' },
    { status: 'Failure', reason: 'NonZeroExitCode' },
    { status: 'Failure', reason: 'NonZeroExitCode', ...causes('none') },
    {},
  ])('holds none in %j', (status) => {
    expect(exitCodeIn(status)).toBeUndefined();
  });
});
