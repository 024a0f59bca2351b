import { SlipwayError } from '../report';
import { executorContext } from '../testing/executor-context';
import { runTarget, type TargetRun } from './run-target';

const context = executorContext({
  root: '/ws',
  project: 'shop',
  target: 'deploy',
  configuration: 'production',
  projects: { shop: { root: 'apps/shop' } },
});

let out: string;
let err: string;
beforeEach(() => {
  [out, err] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const run = (
  options: Parameters<typeof runTarget>[1],
  work: (run: TargetRun) => object | void,
) =>
  runTarget(context, options, (parts) =>
    Promise.resolve().then(() => work(parts)),
  );

describe('runTarget', () => {
  it('prints lines for people on standard output', async () => {
    const result = await run({}, ({ reporter }) => reporter.info('hello'));
    expect(result).toEqual({ success: true });
    expect(out).toBe('hello\n');
  });

  it('prints nothing but one JSON object there with json', async () => {
    await run({ json: true }, ({ reporter }) => {
      reporter.info('hello');
      return { objects: [] };
    });
    expect(err).toBe('hello\n');
    expect(JSON.parse(out)).toEqual({
      schema: 1,
      project: 'shop',
      target: 'deploy',
      configuration: 'production',
      success: true,
      objects: [],
    });
  });

  it('tells an error on standard error, and with json as an object too', async () => {
    const hint = 'Try again.';
    const result = await run({ json: true }, () => {
      throw new SlipwayError({ code: 'SLIPWAY_E_APPLY', message: 'no.', hint });
    });
    expect(result).toEqual({ success: false });
    expect(err).toBe('SLIPWAY_E_APPLY: no.\n  hint: Try again.\n');
    expect(JSON.parse(out)).toMatchObject({
      success: false,
      error: { code: 'SLIPWAY_E_APPLY', message: 'no.', hint },
    });
  });

  it('tells with json what was told, of a run that fails too', async () => {
    await run({ json: true }, ({ tell }) => {
      tell({ context: 'kind-dev' });
      tell({ objects: [1] });
      throw new SlipwayError({ code: 'SLIPWAY_E_APPLY', message: 'no.' });
    });
    expect(JSON.parse(out)).toMatchObject({
      success: false,
      context: 'kind-dev',
      objects: [1],
      error: { code: 'SLIPWAY_E_APPLY' },
    });
  });

  it('fails a target whose work says that it has failed', async () => {
    const result = await run({ json: true }, () => ({ success: false, a: 1 }));
    expect(result).toEqual({ success: false });
    expect(JSON.parse(out)).toMatchObject({ success: false, a: 1 });
    expect(err).toBe('');
  });

  it('masks secrets in JSON, but for the refs that it is read for', async () => {
    const env = { APP_TOKEN: 'registry-web' };
    await run({ json: true, env }, () => ({
      note: 'of registry-web',
      images: [{ ref: 'registry-web/x:nx-1' }],
    }));
    expect(JSON.parse(out)).toMatchObject({
      note: 'of ***',
      images: [{ ref: 'registry-web/x:nx-1' }],
    });
  });
});
