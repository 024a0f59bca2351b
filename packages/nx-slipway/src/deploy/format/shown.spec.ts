import type { ObjectReport } from '../types';
import { shownReport } from './shown';

const report: ObjectReport = {
  ...{ action: 'changed', apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
  reason: 'it holds s3cret',
  diff: [
    { path: 'data["s3cret"]', from: `${'x'.repeat(78)}s3cret`, to: 'y' },
    { path: 'data.b', to: 'z'.repeat(100) },
  ],
  moreChanges: 3,
};

describe('a report that is shown', () => {
  it('has no secret, nor a part of one, and no long value', () => {
    const hide = (text: string) => text.replaceAll('s3cret', '***');
    expect(shownReport(report, hide)).toEqual({
      ...report,
      reason: 'it holds ***',
      diff: [
        { path: 'data["***"]', from: `${'x'.repeat(78)}**...`, to: 'y' },
        { path: 'data.b', to: `${'z'.repeat(80)}...` },
      ],
    });
  });

  it('is as it was, where there is nothing to hide', () => {
    const { diff: _, reason: __, ...plain } = report;
    expect(shownReport(plain, (text) => text)).toEqual(plain);
  });
});
