import { contentOf } from '../plan';
import type { LiveUpdate } from '../types';
import { Goal } from './goal';
import { Ledger, type Due } from './ledger';
import { sync } from '../testing/rules';
import { liveUpdate, run } from './testing/fleet-stage';

type Files = Readonly<Record<string, string>>;

let turn = 0;
function goal(base: Files, now: Files, update: LiveUpdate = liveUpdate()) {
  const states = (files: Files) =>
    contentOf(update, new Map(Object.entries(files)));
  return new Goal(
    {
      isOurs: () => true,
      generation: '1',
      liveUpdate: update,
      base: new Map(
        [...states(base)].map(([path, { state }]) => [path, state]),
      ),
      content: states(now),
    },
    (turn += 1),
  );
}

const told = (due: Due | undefined) =>
  due &&
  [
    due.batch.deletes.map(({ path }) => `-${path}`),
    due.batch.writes.map(({ path }) => path),
  ].flat();

/** All of it went as it was to go. */
function given(ledger: Ledger, to: Goal): void {
  const due = ledger.due(to);
  if (!due) throw new Error('nothing is due');
  ledger.begins(due);
  const states = new Map(
    due.batch.writes.map((each) => [each.path, each.state]),
  );
  ledger.ends(due, { states, times: { sync: 0 } });
}

describe('the ledger of a container', () => {
  it('has due what its image does not hold, once', () => {
    const ledger = new Ledger();
    const to = goal({ 'src/a': '1', 'src/b': '1' }, { 'src/a': '2' });
    expect(told(ledger.due(to))).toEqual(['-/app/b', '/app/a']);
    given(ledger, to);
    expect(ledger.due(to)).toBeUndefined();
    const back = goal({ 'src/a': '1', 'src/b': '1' }, { 'src/a': '1' });
    expect(told(ledger.due(back))).toEqual(['/app/a']);
  });

  it('knows nothing of what was begun, and may not have ended', () => {
    const ledger = new Ledger();
    const to = goal({ 'src/a': '1' }, { 'src/b': '1' });
    const due = ledger.due(to);
    if (due) ledger.begins(due);
    const back = goal({ 'src/a': '1' }, { 'src/a': '1' });
    expect(told(ledger.due(back))).toEqual(['-/app/b', '/app/a']);
  });

  it('knows that a file which is written over a folder takes it away', () => {
    const ledger = new Ledger();
    const base = { 'src/a/x': '1', 'src/a/y': '1' };
    given(ledger, goal(base, { 'src/a': '1' }));
    expect(told(ledger.due(goal(base, { 'src/a/x': '1' })))).toEqual([
      '-/app/a',
      '/app/a/x',
    ]);
  });

  it('gives a folder anew where a file may stand in its place', () => {
    const ledger = new Ledger();
    ledger.starts(['/app/a']);
    const to = goal(
      { 'src/a/x': '1', 'src/b': '1' },
      { 'src/a/x': '1', 'src/b': '1' },
    );
    expect(told(ledger.due(to))).toEqual(['-/app/a', '/app/a/x']);
  });

  it('gives anew what was touched before', () => {
    const ledger = new Ledger();
    ledger.starts(['/app/a', '/app/new', '/other/z']);
    const same = { 'src/a': '1', 'src/b': '1' };
    expect(told(ledger.due(goal(same, same)))).toEqual(['-/app/new', '/app/a']);
  });

  it('leaves alone what no sync of now brings, until one does', () => {
    const ledger = new Ledger();
    const wide = liveUpdate({
      syncs: [sync('src', '/app'), sync('lib', '/lib')],
    });
    const narrow = liveUpdate({ syncs: [sync('src', '/app')] });
    const base = { 'lib/a': '1' };
    given(ledger, goal(base, { 'lib/a': '2' }, wide));
    expect(ledger.due(goal(base, {}, narrow))).toBeUndefined();
    ledger.settles(goal(base, {}, narrow));
    expect(told(ledger.due(goal(base, { 'lib/a': '1' }, wide)))).toEqual([
      '/lib/a',
    ]);
    expect(
      told(ledger.due(goal(base, { 'lib/a': '2' }, wide))),
    ).toBeUndefined();
  });

  it('does not forget what nobody knows where no sync brings anything', () => {
    const ledger = new Ledger();
    const wide = liveUpdate({
      syncs: [sync('src', '/app'), sync('lib', '/lib')],
    });
    ledger.starts(['/lib/a']);
    ledger.settles(goal({}, {}));
    expect(told(ledger.due(goal({}, {}, wide)))).toEqual(['-/lib/a']);
  });

  it('holds what was read, and nothing known where the file was gone', () => {
    const ledger = new Ledger();
    const to = goal({}, { 'src/a': '1', 'src/b': '1' });
    const due = ledger.due(to);
    if (!due) throw new Error('nothing is due');
    ledger.begins(due);
    const states = new Map([
      ['/app/a', '2'],
      ['/app/b', undefined],
    ]);
    ledger.ends(due, { states, times: { sync: 0 } });
    expect(told(ledger.due(goal({}, { 'src/a': '2' })))).toEqual(['-/app/b']);
    expect(told(ledger.due(to))).toEqual(['/app/a', '/app/b']);
  });

  it('owes the runs that have not completed, and no others', () => {
    const [one, two, three] = [
      run('one', 'src/a'),
      run('two', 'src'),
      run('three', 'src/b'),
    ];
    const update = liveUpdate({ runs: [one, two, three] });
    const ledger = new Ledger();
    const to = goal({}, { 'src/a': '1' }, update);
    const due = ledger.due(to);
    if (!due) throw new Error('nothing is due');
    ledger.begins(due);
    const states = new Map([['/app/a', '1']]);
    const failedRun = { run: two, exitCode: 1 };
    ledger.ends(due, { states, failedRun, times: { sync: 0 } });
    expect(ledger.due(to)?.batch).toMatchObject({ writes: [], runs: [two] });
    const next = goal({}, { 'src/a': '1', 'src/b': '1' }, update);
    expect(ledger.due(next)?.batch.runs).toEqual([two, three]);
    given(ledger, next);
    expect(ledger.due(next)).toBeUndefined();
  });
});
