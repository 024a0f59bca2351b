import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectReport } from '../../deploy';
import { Secrets, SlipwayError } from '../../report';
import { executorContext } from '../../testing/executor-context';
import { recordingReporter } from '../../testing/recording-reporter';
import { useTempFolder } from '../../testing/temp-folder';
import { workspaceOf } from '../workspace';
import { reportRun, type ReportedRun } from './report-run';

const object = (
  action: ObjectReport['action'],
  name: string,
  reason?: string,
): ObjectReport => ({
  ...{ action, apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
  ...(reason !== undefined && { reason }),
});

describe('reportRun', () => {
  const folder = useTempFolder();
  let told: object;
  let reporter: ReturnType<typeof recordingReporter>;

  const run = (options: ReportedRun['options'] = {}): ReportedRun => {
    told = {};
    reporter = recordingReporter();
    const context = executorContext({
      root: folder.path,
      project: 'shop',
      target: 'deploy',
      projects: { shop: { root: 'apps/shop' } },
    });
    const { signal } = new AbortController();
    return {
      ...{ options, workspace: workspaceOf(context), title: 'shop in dev' },
      secrets: new Secrets({ DB_PASSWORD: 'hunter2hunter2' }),
      reporter: { ...reporter, answer: () => undefined },
      ...{ signal, kill: signal },
      tell: (part) => Object.assign(told, part),
    };
  };
  const summary = () =>
    readFile(join(folder.path, 'apps/shop/out/summary.md'), 'utf8');

  it('says what was done, and adds it to the summary', async () => {
    const report = { objects: [object('created', 'a')] };
    const asked = run({ summary: 'out/summary.md' });
    expect(await reportRun(asked, () => Promise.resolve(report))).toEqual(
      report,
    );
    expect(reporter.lines).toEqual([
      '+ ConfigMap shop/a  created',
      '1 object: 1 created',
    ]);
    await reportRun(asked, () => Promise.resolve(report));
    expect((await summary()).match(/\| created \|/g)).toHaveLength(2);
  });

  it.each([false, true])(
    'shows no secret anywhere, not even a part of it (dry run: %s)',
    async (dryRun) => {
      const from = `${'x'.repeat(70)} hunter2hunter2`;
      const changed = {
        ...object('changed', 'a', 'denied for hunter2hunter2'),
        diff: [{ path: 'data.url', from, to: 'hunter2hunter2' }],
      };
      const asked = run({ summary: 'out/summary.md', dryRun });
      const report = await reportRun(asked, (onObject) => {
        onObject(changed);
        return Promise.resolve({ objects: [changed] });
      });
      const shown = [JSON.stringify(report), ...reporter.lines];
      for (const text of [...shown, await summary()]) {
        expect(text).not.toContain('hunter');
      }
      expect(report.objects[0]?.diff?.[0]?.to).toBe('***');
    },
  );

  it('says of a dry run what would be', async () => {
    const report = { objects: [object('created', 'a')] };
    await reportRun(run({ dryRun: true }), () => Promise.resolve(report));
    expect(reporter.lines).toContain('+ ConfigMap shop/a  create');
  });

  it('says of a run that fails what it has done before, and why it failed', async () => {
    const error = new SlipwayError({
      code: 'SLIPWAY_E_APPLY',
      message: 'ConfigMap b: denied, hunter2hunter2.',
    });
    const objects = [
      object('changed', 'a'),
      object('refused', 'b', 'denied'),
      object('unchanged', 'c'),
    ];
    // More was done to one of them, later.
    const before = [object('unchanged', 'a'), ...objects.slice(1)];
    const failed = reportRun(run({ summary: 'out/summary.md' }), (onObject) => {
      [...before, ...objects.slice(0, 1)].forEach(onObject);
      return Promise.reject(error);
    });
    await expect(failed).rejects.toBe(error);
    expect(reporter.lines).toEqual([
      '~ ConfigMap shop/a  changed',
      '2 objects: 1 changed, 1 unchanged',
    ]);
    expect(told).toEqual({ objects });
    const text = await summary();
    expect(text).toContain('SLIPWAY_E_APPLY: ConfigMap b: denied, ***.');
    expect(text).toContain('| refused | ConfigMap shop/b | denied |');
  });

  it('says nothing of objects where a run fails before the first', async () => {
    const error = new Error('no cluster');
    await expect(reportRun(run(), () => Promise.reject(error))).rejects.toBe(
      error,
    );
    expect(reporter.lines).toEqual([]);
    expect(told).toEqual({ objects: [] });
  });

  it('does not fail for a summary that cannot be written', async () => {
    const report = { objects: [] };
    await folder.write({ 'out/x': '' });
    await reportRun(run({ summary: '../../out' }), () =>
      Promise.resolve(report),
    );
    expect(reporter.warnings.join('\n')).toContain(
      'the summary could not be written',
    );
  });
});
