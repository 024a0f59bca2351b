import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  down,
  ensureSandbox,
  readStatus,
  type Sandbox,
} from '@nx-slipway/sandbox';
import { execa } from 'execa';
import { parseRecord } from '../../../packages/nx-slipway/src/image';
import { encodedForms } from '../../../packages/nx-slipway/src/report/scrub';
import { FAILING, SURVIVED, TAG } from './support/fault-cases';
import { openStage, type Stage } from './support/fault-stage';
import { hold, on, refuseMounts } from './support/faulty-registry';
import { outputsOf } from './support/mode-cell';
import { addProject, deployRefOf } from './support/project';
import { run, tryRun } from './support/run';
import { TestRegistry } from './support/test-registry';
import { TestWorkspace } from './support/workspace';

type Outputs = ReadonlyMap<string, string>;

/** A second Docker, which may be killed. */
const OTHER = 'faults';
const CASES = [...FAILING, ...SURVIVED];
/** Of their own in each run, since that Docker keeps its images. */
const NONCE = randomBytes(4).toString('hex');
/** Its record is in a folder of its own. */
const ODD_NAME = '@acme/größe';
const MID_BUILD = `mid-build-${NONCE}`;
const MID_PUSH = `mid-push-${NONCE}`;

/** What nobody may see, but for the programs that it is given to. */
const SECRETS = {
  DEPLOY_TOKEN: 'hunter2-of-deployment',
  // These two are not secret by their names.
  LOGIN: TestRegistry.login.password,
  LINK: 'https://robot:swordfish-of-url@host.test/',
};
const TELL_ALL =
  'set -x; echo "$LOGIN"; echo "tester:$LOGIN" | base64; docker build --build-arg TOKEN="$DEPLOY_TOKEN" -t $EXPECTED_REF . && echo "$LINK" && echo "token $DEPLOY_TOKEN"';

describe('a build', () => {
  let workspace: TestWorkspace;
  let stage: Stage;
  let first: Outputs;
  let second: Outputs;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin({});
    stage = await openStage(join(workspace.root, 'full'));
    await addCases();
    const projects = [
      ...CASES.map(({ project }) => project),
      ...['open', 'shut', ODD_NAME],
    ];
    const killed = restartDocker();
    first = await build(projects);
    await stage.heal();
    await correctCases();
    second = await build(projects);
    await killed;
  });

  afterAll(async () => {
    await stage?.close();
    await workspace?.remove();
    await down(OTHER);
  });

  async function addCases() {
    for (const { project, fault, options } of CASES) {
      stage.faulty.setFault(project, fault);
      const registry = stage.faulty.host;
      const all = { command: TAG, registry, ...options?.(stage) };
      await addProject(workspace, project, { options: all });
    }
    const noise = randomBytes(500_000).toString('hex');
    await workspace.write('apps/reset/src/noise', noise);
    await addProject(workspace, ODD_NAME, {
      options: { ref: 'size', command: TAG, registry: stage.faulty.host },
    });
    for (const [project, end] of Object.entries({ open: 0, shut: 9 })) {
      const command = `${TELL_ALL}; exit ${end}`;
      const registry = stage.logins.file.host;
      const context = workspace.sandbox.cluster?.context;
      const options = { command, registry, context };
      await addProject(workspace, project, { options });
    }
  }

  async function correctCases() {
    for (const { project, corrected } of CASES) {
      stage.faulty.setFault(project, refuseMounts);
      if (!corrected) continue;
      const options = { command: TAG, ...corrected(stage) };
      await addProject(workspace, project, { options });
    }
  }

  async function build(projects: string[], env = {}): Promise<Outputs> {
    const { output } = await workspace.nx(
      [
        ...['run-many', '-t', 'custom-build', '-p', projects.join(',')],
        ...['--parallel=6', '--output-style=static'],
      ],
      { ...stage.env, ...SECRETS, ...env },
    );
    return outputsOf(output);
  }

  let restarted: { before: Outputs; after: Outputs; tags: string };

  /** Kills Docker while one project builds and another pushes. */
  async function restartDocker() {
    const held = hold();
    stage.faulty.setFault(MID_PUSH, on(/^POST/, held.fault));
    const registry = stage.faulty.host;
    await addProject(workspace, MID_PUSH, {
      options: { registry, command: TAG },
    });
    await addProject(workspace, MID_BUILD, { options: { registry } });
    const file = `apps/${MID_BUILD}/Dockerfile`;
    await workspace.write(file, 'FROM busybox:1.35\nRUN sleep 300\n');
    const other = await ensureSandbox({ name: OTHER, cluster: false });
    const env = { DOCKER_HOST: other.dockerHost };
    const building = build([MID_BUILD, MID_PUSH], env);
    await held.reached;
    await stepOf(other);
    await killDocker();
    const before = await building;
    await ensureSandbox({ name: OTHER, cluster: false });
    await workspace.write(file, 'FROM busybox:1.35\nRUN true\n');
    stage.faulty.setFault(MID_PUSH, undefined);
    const after = await build([MID_BUILD, MID_PUSH], env);
    const list = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'];
    restarted = { before, after, tags: await run('docker', list, { env }) };
  }

  const errorIn = (outputs: Outputs, project: string) =>
    /^(SLIPWAY_E_\w+): ([\s\S]*?)\n {2}hint: (.+)$/m
      .exec(outputs.get(project) ?? '')
      ?.slice(1);

  describe('that meets a fault of a registry, a login or a disk', () => {
    it.each(FAILING.map((one) => [one.what, one] as const))(
      'says so, and what to do: %s',
      (_what, { project, code, reason, hint }) => {
        expect(errorIn(first, project)).toEqual([
          code,
          expect.stringMatching(reason),
          expect.stringMatching(hint),
        ]);
      },
    );

    it.each(SURVIVED.map(({ what, project }) => [what, project]))(
      'goes on: %s',
      (_what, project) => {
        const ref = deployRefOf(first.get(project) ?? '');
        expect(ref).toContain(`/${project}:nx-`);
      },
    );

    it.each(CASES.map(({ what, project }) => [what, project]))(
      'ends well the next time: %s',
      (_what, project) => {
        const ref = deployRefOf(second.get(project) ?? '');
        expect(ref).toContain(`/${project}:nx-`);
      },
    );

    it('ends well where no blob may be taken over from elsewhere', () => {
      const { requests } = stage.faulty;
      expect(requests.some((line) => line.includes('mount='))).toBe(true);
    });

    it('leaves no transient tag in Docker', async () => {
      const tags = await workspace.docker(
        ...['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'],
      );
      // What a command tags that pushes it itself is its own.
      const others = ['lying', 'private-ca-itself'];
      const left = tags.split('\n').filter((tag) => {
        const project = /^localhost:\d+\/(.*):nx-build-/.exec(tag)?.[1] ?? '';
        const isHere = tag.startsWith(stage.faulty.host);
        return isHere && project !== '' && !others.includes(project);
      });
      expect(left).toEqual([]);
    });
  });

  describe('whose Docker is killed', () => {
    it('while it builds, fails with what the command says', () => {
      const [code, reason] = errorIn(restarted.before, MID_BUILD) ?? [];
      expect(code).toBe('SLIPWAY_E_COMMAND_FAILED');
      expect(reason).toMatch(/EOF|Cannot connect|connection/);
    });

    it('while it pushes, is told so', () => {
      const [code, reason, hint] = errorIn(restarted.before, MID_PUSH) ?? [];
      expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
      expect(reason).toContain('broke off while it pushed');
      expect(hint).toMatch(/Did Docker restart.*run it again/);
    });

    it.each([MID_BUILD, MID_PUSH])('ends well the next time: %s', (project) => {
      const ref = deployRefOf(restarted.after.get(project) ?? '');
      expect(ref).toContain(`/${project}:nx-`);
      expect(restarted.tags).not.toContain(`${project}:nx-build-`);
    });
  });

  it('is of a project with any name', async () => {
    const ref = deployRefOf(first.get(ODD_NAME) ?? '');
    expect(ref).toContain('/size:nx-');
    const record = await workspace.read(`.nx/slipway/${ODD_NAME}.json`);
    expect(parseRecord(record)?.name).toBe('size');
    expect(second.get(ODD_NAME)).toContain(ref);
  });

  describe('that knows secrets', () => {
    it('shows none, whether it ends well or not', () => {
      for (const project of ['open', 'shut']) {
        expect(first.get(project)).toContain('token ***');
        expect(first.get(project)).toContain('https://***@host.test/');
      }
      expect(first.get('open')).toContain('/open:nx-');
      expect(errorIn(first, 'shut')?.[0]).toBe('SLIPWAY_E_COMMAND_FAILED');
    });

    it('leaves none in any file of the workspace', async () => {
      const { kubeconfig = '' } = workspace.sandbox.cluster ?? {};
      const token = /"?token"?: "?([\w.-]{16,})/.exec(
        await readFile(kubeconfig, 'utf8'),
      )?.[1];
      const values = [
        ...[SECRETS.DEPLOY_TOKEN, 'swordfish-of-url', token ?? ''],
        ...[TestRegistry.login.password, 'not-the-password-0815'],
      ];
      expect(values.every((value) => value.length > 8)).toBe(true);
      const { output } = await tryRun(
        'grep',
        [
          ...['-rlaF', '--exclude-dir=node_modules'],
          ...values
            .flatMap((value) => [value, ...encodedForms(value)])
            .map((value) => `--regexp=${value}`),
          '.',
        ],
        { cwd: workspace.root, env: { PATH: process.env.PATH } },
      );
      expect(output).toBe('');
    });
  });
});

/** Waits for the container in which a step of a build runs. */
async function stepOf({ dockerHost }: Sandbox): Promise<void> {
  const events = ['events', '--since', '1m', '--filter', 'event=start'];
  const watching = execa('docker', events, {
    env: { DOCKER_HOST: dockerHost },
    reject: false,
  });
  await once(watching.stdout, 'data');
  watching.kill();
  await watching;
}

async function killDocker(): Promise<void> {
  const { daemons } = await readStatus(OTHER);
  const pid = daemons.find(({ name }) => name === 'dockerd')?.pid;
  if (pid === undefined) throw new Error('dockerd does not run');
  process.kill(pid, 'SIGKILL');
}
