import { readTiltfile } from '.';
import { filesOf, readText, showCall } from './testing/read-text';

const assumed = (text: string, files?: Record<string, string>) => {
  const { calls, notes } = readText(text, files);
  return {
    calls: calls.map(showCall),
    notes: notes.map(({ kind, why, place }) => `${place.line} ${kind}: ${why}`),
  };
};

it('reads commands of Unix, and tells of those of Windows', () => {
  expect(
    assumed(`make = './gradlew'
if os.name == 'nt':
  make = 'gradlew.bat'
  f()
local_resource('jar', make)`),
  ).toEqual({
    calls: ['4: [if 2] f()', '5: local_resource("jar", "./gradlew")'],
    notes: [
      "2 assumed: read as it is on Linux and macOS, where os.name is 'posix'",
    ],
  });
});

const SETTINGS = `config.define_bool('debug')
cfg = config.parse()
if cfg.get('debug', False):
  f('debug')
else:
  f('plain')
f(cfg.get('to-run', ['a']))`;

it('reads settings as they are with no arguments', () => {
  expect(assumed(SETTINGS)).toEqual({
    calls: [
      '1: config.define_bool("debug")',
      '2: config.parse()',
      '4: [if 3] f("debug")',
      '6: f("plain")',
      '7: f(["a"])',
    ],
    notes: [
      '2 assumed: read as it is with no tilt_config.json and no arguments',
    ],
  });
});

it('reads settings of the file that Tilt takes them from', () => {
  const found = assumed(SETTINGS, {
    'tilt_config.json': '{"debug": true, "to-run": ["b", {"c": null}]}',
  });
  expect(found.calls.slice(2)).toEqual([
    '4: f("debug")',
    '6: [if 5] f("plain")',
    '7: f(["b", {"c": None}])',
  ]);
  expect(found.notes).toEqual([
    '2 assumed: read as it is with tilt_config.json as it is now and no arguments',
  ]);
});

it('reads JSON that is there, or what stands for it where it is not', () => {
  const text = `a = {'x': 1}\na.update(read_json('a.json', default={'y': 2}))\nf(a)`;
  expect(assumed(text).calls.at(-1)).toBe('3: f({"x": 1, "y": 2})');
  expect(assumed(text, { 'a.json': '{"x": 3}' }).calls.at(-1)).toBe(
    '3: f({"x": 3})',
  );
  expect(assumed(text, { 'a.json': 'no' }).calls.at(-1)).toBe(
    '3: f(?a is changed by what is known in a run only (line 2))',
  );
  expect(assumed(`f(read_json('a.json'))`)).toEqual({
    calls: ['1: f(read_json("a.json"))'],
    notes: [],
  });
});

it('never reads a file outside the workspace for what is assumed', () => {
  const paths: string[] = [];
  const read = (path: string) => {
    paths.push(path);
    return path === 'Tiltfile' ? Buffer.from(text) : null;
  };
  const text = ['../a.json', '/etc/a.json', './../../a.json']
    .map((path) => `f(read_json('${path}', default={}))`)
    .join('\n');
  expect(readTiltfile('Tiltfile', { read }).notes).toEqual([]);
  expect(paths).toEqual(['Tiltfile']);
});

it('sees whether a file is there, if it can', () => {
  const text = `if os.path.exists('a.yaml'):\n  k8s_yaml('a.yaml')
settings = read_yaml('b.yaml', default={'c': 1})
f(settings, read_yaml('a.yaml'))`;
  const read = filesOf({ Tiltfile: text, 'a.yaml': 'd: 1' }).read;
  const seen = { read, exists: (path: string) => read(path) !== null };
  const found = readTiltfile('Tiltfile', seen);
  expect(found.calls.map(showCall)).toEqual([
    '1: os.path.exists("a.yaml")',
    '2: k8s_yaml("a.yaml")',
    '3: read_yaml("b.yaml", default={"c": 1})',
    '4: f({"c": 1}, read_yaml("a.yaml"))',
  ]);
  expect(found.notes.map(({ why }) => why)).toEqual([
    'read as it is with a.yaml',
    'read as it is with no b.yaml',
  ]);
  expect(readTiltfile('Tiltfile', { read }).calls[1]).toMatchObject({
    within: [{ kind: 'if' }],
  });
});
