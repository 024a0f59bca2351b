import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';
import { RepositoryClone } from './support/repository-clone';

const REPOSITORY = join(__dirname, '../../..');
const MANIFEST = 'packages/nx-slipway/package.json';
const BUILT = 'dist/packages/nx-slipway/package.json';

interface Job {
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Record<string, string>;
  readonly steps?: readonly Step[];
}

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly 'working-directory'?: string;
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const workflow = async (path: string) => {
  const text = await readFile(join(REPOSITORY, path), 'utf8');
  return { text, ...(parse(text) as Workflow) };
};

const ci = () => workflow('.github/workflows/ci.yml');
const release = () => workflow('.github/workflows/release.yml');

/** [the job, its permission] of those that may do more than read. */
const writers = ({ permissions, jobs }: Workflow) =>
  Object.entries({ workflow: { permissions }, ...jobs }).flatMap(
    ([name, job]) =>
      Object.entries(job.permissions ?? {})
        .filter(([, right]) => right !== 'read')
        .map(([right]) => [name, right]),
  );

describe('the workflows', () => {
  it('run what .ci/run runs, for a push, a pull request and a release', async () => {
    const { on, jobs, ...rest } = await ci();
    expect(Object.keys(on)).toEqual(['push', 'pull_request', 'workflow_call']);
    expect(jobs.test?.steps?.at(-1)).toEqual({ run: '.ci/run' });
    expect(writers({ on, jobs, ...rest })).toEqual([]);
  });

  it('release tags alone, tested, with a signature and no other right', async () => {
    const file = await release();
    expect(file.on).toEqual({ push: { tags: ['v*'] } });
    expect(file.jobs.test?.uses).toBe('./.github/workflows/ci.yml');
    expect(file.jobs.publish).toMatchObject({
      needs: 'test',
      environment: 'npm',
    });
    expect(file.permissions).toEqual({ contents: 'read' });
    expect(writers(file)).toEqual([
      ['publish', 'id-token'],
      ['notes', 'contents'],
    ]);
  });

  it('take actions in the versions of the demo, and one secret, which a step alone sees', async () => {
    const demo = await workflow('examples/shop/.github/workflows/ci.yml');
    const known = [...demo.text.matchAll(/uses: (\S+)/g)].map(([, of]) => of);
    for (const { text } of [await ci(), await release()]) {
      for (const [, action = ''] of text.matchAll(/uses: (actions\/\S+)/g)) {
        if (action.startsWith('actions/setup-go@')) continue;
        expect(known).toContain(action);
      }
    }
    expect((await ci()).text).not.toContain('secrets.');
    const { text } = await release();
    expect(text.match(/secrets\.\w+/g)).toEqual(['secrets.NPM_TOKEN']);
    expect(text).toMatch(/^ {10}NODE_AUTH_TOKEN:/m);
  });
});

/** Nx shows the first of thousands of lines, and as many more as a pipe takes. */
function expectPublished(shown: string) {
  expect(shown).toContain('nx-slipway@X.X.X-dry-run\n=== Tarball Contents ===');
  expect(shown).toContain('Successfully ran target nx-release-publish');
}

describe('a release of what is committed', () => {
  let clone: RepositoryClone;

  beforeAll(async () => {
    clone = await RepositoryClone.create();
  });

  afterAll(() => clone.remove());

  const version = async (path: string) =>
    (JSON.parse(await clone.read(path)) as { version: string }).version;

  /** Of git: what differs, where it stands, and its tags. */
  const state = () =>
    Promise.all([
      clone.git('status', '--porcelain'),
      clone.git('rev-parse', 'HEAD'),
      clone.git('tag', '--list', 'v99.*'),
    ]);

  it('is shown by a dry run, which changes nothing', async () => {
    const before = await state();
    const { exitCode, output } = await clone.bash(
      'nx release 99.0.0 --first-release --dry-run --yes',
    );
    const shown = stripVTControlCharacters(output);
    expect({ exitCode, shown }).toMatchObject({ exitCode: 0 });
    expect(shown).toContain(`New version 99.0.0 written to manifest: ${BUILT}`);
    expect(shown).toContain(`+   "version": "99.0.0"`);
    expectPublished(shown);
    expect(shown).not.toMatch(/\bCHANGELOG\.md\b|git push/i);
    expect(await state()).toEqual(before);
  });

  describe('in its workflow', () => {
    let steps: readonly Step[];
    let tag: string;

    beforeAll(async () => {
      steps = (await release()).jobs.publish?.steps ?? [];
      tag = `v${await version(MANIFEST)}`;
    });

    const run = (name: string, ref = tag) => {
      const step = steps.find((step) => step.name === name);
      const folder = step?.['working-directory'] ?? '.';
      return clone.bash(`cd ${folder}\n${step?.run}`, {
        GITHUB_REF_NAME: ref,
        GITHUB_SERVER_URL: 'https://example.com',
        GITHUB_REPOSITORY: 'acme/nx-slipway',
        NX_DRY_RUN: 'true',
      });
    };
    const check = 'Check that tag, package and changelog agree';

    it('stops unless tag, package and a dated changelog agree', async () => {
      const other = await run(check, 'v99.0.0');
      expect(other.exitCode).toBe(1);
      expect(other.output).toContain('The tag is "v99.0.0"');
      const path = join(clone.root, 'CHANGELOG.md');
      const changelog = await clone.read('CHANGELOG.md');
      const notes = '\n\n- What is new.\n\n';
      const [title = ''] = changelog.split(/^## /m);
      const number = tag.slice(1);
      for (const [heading, exitCode] of [
        [`${number} (unreleased)`, 1],
        ['0.0.1 (2026-01-31)', 1],
        [`${number} (2026-01-31)`, 0],
      ] as const) {
        const rest = '## 0.0.0 (2025-01-31)\n\n- Old.\n';
        await writeFile(path, `${title}## ${heading}${notes}${rest}`);
        expect(await run(check)).toMatchObject({ exitCode });
      }
      expect((await run(check)).stdout).toBe('- What is new.');
    });

    it('publishes what is built, with its origin, and would sign it', async () => {
      for (const name of ['Build', 'Say where the package comes from']) {
        expect(await run(name)).toMatchObject({ exitCode: 0 });
      }
      expect(JSON.parse(await clone.read(BUILT))).toMatchObject({
        publishConfig: { access: 'public', provenance: true },
        repository: {
          type: 'git',
          url: 'git+https://example.com/acme/nx-slipway.git',
          directory: 'packages/nx-slipway',
        },
      });
      const { exitCode, output } = await run('Publish');
      const shown = stripVTControlCharacters(output);
      expect({ exitCode, shown }).toMatchObject({ exitCode: 0 });
      expectPublished(shown);
      expect(steps.at(-1)?.name).toBe('Publish');
    });
  });
});
