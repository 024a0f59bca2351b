import { optionsOf, planOf } from '../testing/plan';

const STEPS = `[
    fall_back_on(['web/package.json']),
    sync('web/src', '/app/src'),
    sync('shared', '/app/shared'),
    run('npm ci', trigger='web/package-lock.json'),
    run(['touch', 'x'], echo_off=True),
]`;
const MOVED = [
  { fallBackOn: ['package.json'] },
  { sync: { from: 'src', to: '/app/src' } },
  { sync: { from: '{workspaceRoot}/shared', to: '/app/shared' } },
  { run: 'npm ci', trigger: ['package-lock.json'] },
  { run: ['touch', 'x'] },
];

describe('live_update', () => {
  it('becomes the steps of liveUpdate', () => {
    const { liveUpdate } = optionsOf(
      `docker_build('web', 'web', live_update=${STEPS})`,
    );
    expect(liveUpdate).toEqual(MOVED);
  });

  it.each([
    "docker_build_with_restart('web', 'web', \"node server.js\", ",
    "custom_build_with_restart('web', 'make', ['web'], \"node server.js\", live_update=",
  ])('of restart_process ends with a restart: %s', (begin) => {
    const [name = ''] = begin.split('(');
    const options = optionsOf(
      `load('ext://restart_process', '${name}')\n${begin}${STEPS})`,
    );
    expect(options).toMatchObject({
      entrypoint: 'node server.js',
      liveUpdate: [...MOVED, { restart: true }],
    });
  });

  it('may be all that there is', () => {
    expect(
      optionsOf(
        "custom_build('web', ':', ['web'], live_update=[initial_sync(), sync('web', '/x')])",
      ),
    ).toMatchObject({
      command: ':',
      liveUpdate: [{ initialSync: true }, { sync: { from: '.', to: '/x' } }],
    });
  });

  it('is left out where a step is not read, for half of it would do something else', () => {
    const { targets, ledger } = planOf({
      Tiltfile:
        "docker_build('web', 'web', live_update=[sync('web', '/x'), sync(f(), '/y'), 3])",
    });
    expect(targets[0]?.config.options).not.toHaveProperty('liveUpdate');
    expect(ledger.findings()).toMatchObject([
      {
        result: 'part',
        problems: [
          'live_update: sync: local_path is what f(...) gives when it runs',
          'live_update: a step is a number, no step',
        ],
      },
    ]);
  });
});
