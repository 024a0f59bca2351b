import { optionsOf, planOf } from '../testing/plan';

const FILES = { 'web/Dockerfile': 'FROM busybox' };
const build = (more: string) =>
  optionsOf(`docker_build('web', 'web'${more})`, FILES);
const problemsOf = (statement: string) =>
  planOf({ ...FILES, Tiltfile: statement })
    .ledger.findings()
    .flatMap(({ problems }) => problems);

describe('docker_build', () => {
  it.each([
    ['', ''],
    [
      ", build_args={'A': 'b', 'C': \"it's\"}",
      " --build-arg A=b --build-arg 'C=it'\\''s'",
    ],
    [", dockerfile='web/Dockerfile'", ''],
    [", dockerfile='docker/web.Dockerfile'", ' -f docker/web.Dockerfile'],
    [
      ", target='dev', ssh='default', network='host'",
      ' --target dev --ssh default --network host',
    ],
    [", secret=['id=a,src=a', 'id=b']", ' --secret id=a,src=a --secret id=b'],
    [
      ", extra_tag='web:dev', cache_from=['a', 'b'], pull=True",
      ' --pull -t web:dev --cache-from a --cache-from b',
    ],
    [", extra_hosts=['a:1.2.3.4']", ' --add-host a:1.2.3.4'],
    [", platform='linux/arm64'", ' --platform linux/arm64'],
  ])('of %s is docker build%s', (more, flags) => {
    expect(build(more).command).toBe(
      `docker build -t $EXPECTED_REF${flags} web`,
    );
  });

  it('has a platform looked for where one is asked for, and that alone', () => {
    expect(build(", platform='linux/arm64'").platform).toBe('linux/arm64');
    expect(build('').platform).toBeUndefined();
  });

  it('reads its context and a Dockerfile beside it', () => {
    expect(build(", dockerfile='docker/web.Dockerfile'").deps).toEqual([
      '.',
      '{workspaceRoot}/docker/web.Dockerfile',
    ]);
  });

  it('reads only what it is told, with patterns from there', () => {
    expect(
      build(
        ", only=['src', 'package.json'], ignore=['src/**/*.md', '!src/keep.md', '**/x']",
      ),
    ).toMatchObject({
      deps: ['src', 'package.json', 'Dockerfile'],
      ignore: ['**/*.md', '!keep.md', '**/x'],
    });
  });

  it('syncs only what it is told to read', () => {
    const steps =
      "[fall_back_on(['web/a', 'web/x']), sync('web', '/app'), sync('web/a/b', '/b'), sync('other', '/o')]";
    expect(
      build(`, only=['a', 'c/d'], live_update=${steps}`).liveUpdate,
    ).toEqual([
      { fallBackOn: ['a'] },
      { sync: { from: 'a', to: '/app/a' } },
      { sync: { from: 'c/d', to: '/app/c/d' } },
      { sync: { from: 'a/b', to: '/b' } },
    ]);
  });

  it('has lines of the Tiltfile in a file of their own', () => {
    const { files, targets } = planOf({
      Tiltfile:
        "docker_build('acme/web:dev', 'web', dockerfile_contents='FROM scratch')",
    });
    expect(files).toMatchObject([
      { path: 'web/web.Dockerfile', text: 'FROM scratch' },
    ]);
    expect(targets[0]?.config.options).toMatchObject({
      command: 'docker build -t $EXPECTED_REF -f web/web.Dockerfile web',
    });
  });

  it.each([
    ["docker_build('web', f())", ['context is what f(...) gives when it runs']],
    [
      "docker_build('web', '/srv/web')",
      ['context is /srv/web, which is there on one machine alone'],
    ],
    [
      "docker_build('web', '../web')",
      ['context is ../web, which lies outside of the workspace'],
    ],
    [
      "docker_build('web', 'web', build_args={'A': f(), 'B': 'c'})",
      ['build_args: A is what f(...) gives when it runs'],
    ],
    ["docker_build('web', 'web', colour='red')", ['colour is not known']],
  ])('tells what was not read of %s', (statement, problems) => {
    expect(problemsOf(statement)).toEqual(problems);
  });
});

describe('an image on an image of the Tiltfile', () => {
  const on = (dockerfile: string, more = '') =>
    planOf({
      Tiltfile: `docker_build('acme/base', 'base')\ndocker_build('web', 'web'${more})`,
      'base/Dockerfile': 'FROM busybox',
      'web/Dockerfile': dockerfile,
    }).targets[1]?.config.options ?? {};

  it('is given it by the name that its Dockerfile has', () => {
    const options = on(
      'FROM node AS build\nFROM --platform=x acme/base:latest\nFROM build',
    );
    expect(options).toMatchObject({
      imageDeps: ['acme/base'],
      command:
        '{ docker image inspect $SLIPWAY_IMAGE_0 || docker pull $SLIPWAY_IMAGE_0; } > /dev/null && docker tag $SLIPWAY_IMAGE_0 acme/base:latest && docker build -t $EXPECTED_REF web',
    });
  });

  it.each(['', ", build_args={'BASE': 'acme/base', 'X': 'y'}"])(
    'is given it by the argument that names it%s',
    (more) => {
      const options = on('ARG BASE=acme/base\nFROM ${BASE}', more);
      expect(options.imageDeps).toEqual(['acme/base']);
      expect(options.command).toContain(' --build-arg BASE=$SLIPWAY_IMAGE_0 ');
      expect(options.command).not.toContain('BASE=acme/base');
    },
  );

  it.each([
    'FROM busybox',
    'FROM acme/base@sha256:0123456789012345678901234567890123456789012345678901234567890123',
    'FROM busybox AS acme/base\nFROM acme/base',
  ])('is none of %s', (dockerfile) => {
    expect(on(dockerfile)).toMatchObject({
      command: 'docker build -t $EXPECTED_REF web',
    });
    expect(on(dockerfile).imageDeps).toBeUndefined();
  });
});
