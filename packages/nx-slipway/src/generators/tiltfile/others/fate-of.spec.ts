import { planOf } from '../testing/plan';

const findingOf = (Tiltfile: string) =>
  planOf({ Tiltfile }).ledger.findings()[0];

describe('a call that has no place here', () => {
  it('of a local resource has the target to write', () => {
    const finding = findingOf(
      "local_resource('gen', ['make', 'gen'], deps=['proto'])",
    );
    expect(finding?.result).toBe('left');
    expect(finding?.todo).toContain(
      '`{"gen":{"command":"make gen","inputs":["{workspaceRoot}/proto"]}}`',
    );
  });

  it('of one that serves has a target that goes on', () => {
    const finding = findingOf("local_resource('docs', serve_cmd='hugo serve')");
    expect(finding?.todo).toContain(
      '`{"docs":{"command":"hugo serve","continuous":true}}`',
    );
  });

  it.each([
    ["print('x')", 'needless'],
    ['secret_settings(disable_scrub=True)', 'needless'],
    [
      "load('ext://namespace', 'namespace_create')\nnamespace_create('x')",
      'needless',
    ],
    ["if debug:\n  print('x')", 'needless'],
    ["docker_compose('docker-compose.yml')", 'left'],
    ["load('ext://helm_remote', 'helm_remote')\nhelm_remote('redis')", 'left'],
    ["load('ext://unheard_of', 'x')\nx()", 'left'],
    ['update_settings(max_parallel_updates=5)', 'left'],
  ])('is told with what to do, or needs nothing: %s', (text, result) => {
    const found = findingOf(text);
    expect(found?.result).toBe(result);
    expect(found?.todo !== undefined).toBe(result === 'left');
  });
});
