import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import fc from 'fast-check';
import { slipwayError } from '../../testing/slipway-error';
import { fillRecipe, findRecipe, projectFiles } from '.';
import { planned } from './testing/planned';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

type Files = Readonly<Record<string, string>>;

function write(files: Files) {
  for (const [path, text] of Object.entries(files)) {
    tree.write(path.startsWith('/') ? path.slice(1) : `apps/web/${path}`, text);
  }
}

function filled(
  builder: string,
  files: Files,
  answers?: Readonly<Record<string, string>>,
  projectRoot = 'apps/web',
) {
  write(files);
  return fillRecipe(findRecipe(builder), {
    ...{ name: 'web', ref: 'web', projectRoot, answers },
    files: projectFiles(tree, projectRoot),
  });
}

const commandOf = (builder: string, files: Files) =>
  String(filled(builder, files).options.command);

describe('an answer is guessed', () => {
  it.each([
    ['docker', { Dockerfile: 'FROM x\nCOPY src src' }, ' -t $EXPECTED_REF .'],
    [
      'docker',
      { Dockerfile: 'FROM x\nCOPY apps/web/src src' },
      ' -f {projectRoot}/Dockerfile .',
    ],
    [
      'docker',
      { Dockerfile: 'FROM x\nCOPY --chown=1:1 ./apps/web/package.json .' },
      ' -f {projectRoot}/Dockerfile .',
    ],
    [
      'docker',
      { Dockerfile: 'FROM x\nCOPY apps/web2/src src' },
      ' -t $EXPECTED_REF .',
    ],
    ['ko', { 'main.go': '', 'cmd/a/main.go': '' }, ' .)'],
    ['ko', { 'cmd/a/main.go': '', 'cmd/web/main.go': '' }, ' ./cmd/web)'],
    ['ko', { 'cmd/b/main.go': '', 'cmd/a/main.go': '' }, ' ./cmd/a)'],
    ['jib-maven', { mvnw: '' }, './mvnw -B'],
    ['jib-maven', { '/mvnw': '' }, '../../mvnw -B'],
    ['jib-maven', {}, 'mvn -B'],
    ['jib-gradle', { gradlew: '' }, './gradlew '],
    ['jib-gradle', { '/gradlew': '' }, '../../gradlew '],
    ['jib-gradle', {}, 'gradle '],
    [
      'bazel',
      {
        'BUILD.bazel':
          'oci_load(\n  name = "load",\n  image = ":i",\n  repo_tags = ["acme/web:latest"],\n)',
      },
      'bazel run //apps/web:load && docker tag acme/web:latest $EXPECTED_REF',
    ],
    [
      'bazel',
      { 'MODULE.bazel': '', BUILD: 'oci_load(name = "load")' },
      'bazel run //:load && docker tag bazel:image $EXPECTED_REF',
    ],
    [
      'bazel',
      { BUILD: 'go_image(name = "image")' },
      'bazel run //apps/web:image -- --norun && docker tag bazel/apps/web:image $EXPECTED_REF',
    ],
    [
      'earthly',
      {
        Earthfile:
          'VERSION 0.8\nbuild:\n  RUN make\n\nimage:\n  FROM +build\n\n  ARG name\n  SAVE IMAGE --push $name\n',
      },
      'earthly +image --name=$EXPECTED_REF',
    ],
    [
      'earthly',
      { Earthfile: 'docker:\n    SAVE IMAGE "${tag}"\n' },
      'earthly +docker --tag=$EXPECTED_REF',
    ],
    [
      'pack',
      { 'project.toml': '[io.buildpacks]\nbuilder = "heroku/builder:24"' },
      '--builder heroku/builder:24 ',
    ],
    [
      'nix',
      {
        'flake.nix':
          'packages.x86_64-linux.oci = pkgs.dockerTools.buildLayeredImage {',
      },
      '.#oci)',
    ],
  ])('%s %j: %s', (builder, files, part) => {
    expect(`${commandOf(builder, files as unknown as Files)}`).toContain(part);
  });

  it('for an image made of what the target build leaves in dist', () => {
    const files = { Dockerfile: 'FROM x\nCOPY dist /app\n' };
    expect(filled('docker', files)).toMatchObject({
      options: { deps: ['.', 'dist'] },
      dependsOn: ['build'],
    });
    const other = { Dockerfile: 'FROM x\nCOPY dist/apps/web /app\n' };
    expect(filled('buildah', other)).toMatchObject({
      options: {
        dir: '{workspaceRoot}',
        deps: ['.', '{workspaceRoot}/dist/apps/web'],
      },
      dependsOn: ['build'],
    });
  });

  it('not of what a stage of the same Dockerfile makes', () => {
    const files = {
      Dockerfile:
        'FROM x AS b\nFROM y\nCOPY --from=b /app/dist dist\nCOPY --from=b dist /d\n',
    };
    expect(filled('docker', files).dependsOn).toEqual([]);
  });

  it('for a go.mod that all projects of the workspace share', () => {
    expect(
      filled('ko', { 'main.go': '', '/go.mod': 'module x' }).options.deps,
    ).toEqual(['.', { input: '^default' }, '{workspaceRoot}/go.*']);
    expect(
      filled('ko', { 'go.mod': 'module x', '/go.work': '' }).options.deps,
    ).toEqual(['.']);
  });

  it('for a project that is the whole workspace', () => {
    write({ '/BUILD': 'go_image(name = "image")', '/MODULE.bazel': '' });
    expect(filled('bazel', {}, {}, '.').options.command).toBe(
      'bazel run //:image -- --norun && docker tag bazel:image $EXPECTED_REF',
    );
  });

  it('never by what a shell would not take as one word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        tree.write('apps/web/project.toml', `builder = "${text}"`);
        const command = commandOf('pack', {});
        const [, builder = ''] = /--builder (.*) --path/.exec(command) ?? [];
        expect(builder).toMatch(/^[\w./:@+=,~-]*$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an answer that is given', () => {
  it('stands before what is guessed', () => {
    const { options } = filled(
      'ko',
      { 'main.go': '' },
      { main: './cmd/other' },
    );
    expect(options.command).toContain(' ./cmd/other)');
  });

  it.each([
    ['ko', { main: 'a; rm -rf b' }, 'main of ko is "a; rm -rf b"'],
    ['ko', { to: 'hub' }, 'to of ko is "hub"'],
    ['ko', { mian: '.' }, 'ko does not ask for "mian"'],
    ['bazel-remote', {}, 'bazel-remote asks for executor'],
  ])('is refused where it is none: %s %j', (builder, answers, message) => {
    expect(() =>
      filled(builder, {}, answers as Record<string, string>),
    ).toThrow(slipwayError('SLIPWAY_E_OPTION_INVALID', new RegExp(message)));
  });

  it('is told what there is', () => {
    const hintOf = (answers: Record<string, string>) => {
      try {
        filled('ko', {}, answers);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
      return undefined;
    };
    expect(hintOf({ mian: '.' })).toBe(
      'Did you mean main? It asks for main, module, to.',
    );
    expect(hintOf({ to: 'hub' })).toContain('docker (into Docker');
  });
});

describe('live update', () => {
  const NODE =
    'FROM node:22-alpine\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY src ./src\nCMD ["node", "src/main.js"]\n';
  const liveUpdate = (Dockerfile: string, builder = 'docker') =>
    filled(builder, { Dockerfile, 'package.json': '{}' }).liveUpdate;

  it.each(['docker', 'buildx', 'nerdctl', 'buildx-kubernetes'])(
    'syncs src, and restarts, where node runs it as it is (%s)',
    (builder) => {
      expect(liveUpdate(NODE, builder)).toEqual([
        { sync: { from: 'src', to: '/app/src' } },
        { restart: true },
      ]);
    },
  );

  it.each([
    ['COPY . .', NODE.replace('COPY src ./src', 'COPY . .')],
    [
      'another registry',
      NODE.replace('node:22', 'mirror.gcr.io/library/node:22'),
    ],
    [
      'src/ of the project in the workspace',
      NODE.replace('COPY src', 'COPY apps/web/src'),
    ],
    ['--chown', NODE.replace('COPY src', 'COPY --chown=node:node src')],
  ])('does so with %s', (_, text) => {
    expect(liveUpdate(text)).toHaveLength(2);
  });

  it.each([
    [
      'distroless',
      NODE.replace('node:22-alpine', 'gcr.io/distroless/nodejs22'),
    ],
    ['a user who may not write', NODE.replace('CMD', 'USER node\nCMD')],
    ['two stages', `${NODE}FROM nginx\n`],
    ['a build', NODE.replace('CMD', 'RUN npm run build\nCMD')],
    ['another folder that runs', NODE.replace('src/main.js', 'dist/main.js')],
    [
      'the workspace in the image',
      NODE.replace('src/main.js', 'apps/web/src/main.js'),
    ],
    [
      'npm, with no word of src',
      NODE.replace('"node", "src/main.js"', '"npm", "start"'),
    ],
    ['no folder that is known', NODE.replace('WORKDIR /app\n', '')],
  ])('is left out where it is not sound: %s', (_, text) => {
    expect(liveUpdate(text)).toBeUndefined();
  });

  it('is what the executor takes beside the rest', () => {
    const files = { Dockerfile: NODE, 'package.json': '{}' };
    const { options, liveUpdate } = filled('docker', files);
    const without = planned(options);
    expect(planned({ ...options, liveUpdate })).toEqual(without);
    expect(() =>
      planned({ ...options, deps: ['Dockerfile'], liveUpdate }),
    ).toThrow(slipwayError('SLIPWAY_E_OPTION_INVALID', /src/));
  });

  it('does so where npm starts it', () => {
    const Dockerfile = NODE.replace('"node", "src/main.js"', '"npm", "start"');
    const json =
      '{ "scripts": { "start": "node --enable-source-maps src/main.js" } }';
    expect(
      filled('docker', { Dockerfile, 'package.json': json }).liveUpdate,
    ).toEqual([{ sync: { from: 'src', to: '/app/src' } }, { restart: true }]);
  });

  it('syncs files that a web server serves, and restarts nothing', () => {
    expect(
      liveUpdate('FROM nginx:1.27\nCOPY public/ /usr/share/nginx/html/\n'),
    ).toEqual([{ sync: { from: 'public', to: '/usr/share/nginx/html' } }]);
  });

  it.each(['ko', 'jib-maven', 'bazel', 'nix', 'pack'])(
    'is none where the image has no shell, or nobody knows its folders: %s',
    (builder) => {
      expect(liveUpdate(NODE, builder)).toBeUndefined();
    },
  );
});
