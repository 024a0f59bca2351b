import { contentId, contentTag, identityOfInspect } from '../../image';
import { inspectOf, useDockerApi } from '../../testing/docker-api';
import { twoNames } from '../../testing/registry-option';
import { useTempFolder } from '../../testing/temp-folder';
import { runSlipway } from '../run';
import { recordingTerminal } from '../testing/recording-terminal';

const folder = useTempFolder();
const api = useDockerApi(folder);

/** Runs slipway as a build command does. */
async function inBuild(context: object, ...argv: string[]) {
  const terminal = recordingTerminal({
    cwd: folder.path,
    env: {
      DOCKER_HOST: api.address,
      SLIPWAY_BUILD: JSON.stringify({ tagPrefix: 'nx', ...context }),
    },
  });
  const exitCode = await runSlipway(argv, terminal);
  const { warnings } = terminal;
  return { exitCode, printed: terminal.printed(), told: warnings.join('\n') };
}

/** An image in Docker. @returns its content tag */
function build(ref: string): string {
  const image = api.add({ tags: [ref] });
  return contentTag(contentId(identityOfInspect(inspectOf(image))), 'nx');
}

const EXPECTED_REF = 'localhost:5000/web:nx-build-0123456789abcdef';
const CONTEXT = { ref: 'web', registry: twoNames, pin: 'tag' };

describe('slipway image-deploy-ref in a build command', () => {
  it('prints the ref as the cluster sees it, and a newline', async () => {
    const tag = build(EXPECTED_REF);
    const ran = await inBuild(CONTEXT, 'image-deploy-ref', EXPECTED_REF);
    expect(ran).toEqual({
      exitCode: 0,
      printed: `registry:5000/web:${tag}\n`,
      told: '',
    });
  });

  it('prints it as this machine sees it', async () => {
    const tag = build(EXPECTED_REF);
    const argv = ['image-deploy-ref', EXPECTED_REF, '--local'];
    expect((await inBuild(CONTEXT, ...argv)).printed).toBe(
      `localhost:5000/web:${tag}\n`,
    );
  });

  it('prints both as JSON', async () => {
    const tag = build(EXPECTED_REF);
    const argv = ['image-deploy-ref', EXPECTED_REF, '--json'];
    const { printed } = await inBuild(CONTEXT, ...argv);
    expect(JSON.parse(printed)).toEqual({
      local: `localhost:5000/web:${tag}`,
      cluster: `registry:5000/web:${tag}`,
      contentId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    });
  });

  it.each([
    ['', 'web'],
    ['other:5000', 'other:5000/web'],
  ])('takes --registry %j for the one in force', async (host, name) => {
    const tag = build('web:dev');
    const argv = ['image-deploy-ref', 'web:dev', '--registry', host];
    const { printed } = await inBuild(CONTEXT, ...argv);
    expect(printed).toBe(`${name}:${tag}\n`);
  });

  it.each([
    ['web:gone', /no image "web:gone" in Docker.*\n.*Build it first/],
    ['web', /no image "web" in Docker.*\n.*EXPECTED_REF/],
  ])('says that %s is not there', async (ref, told) => {
    const ran = await inBuild(CONTEXT, 'image-deploy-ref', ref);
    expect(ran.told).toMatch(/^SLIPWAY_E_IMAGE_NOT_FOUND: /);
    expect(ran.told).toMatch(told);
    expect([ran.exitCode, ran.printed]).toEqual([1, '']);
  });

  it('refuses a context that it cannot read', async () => {
    const broken = { ...CONTEXT, pin: 'all' };
    const ran = await inBuild(broken, 'image-deploy-ref', EXPECTED_REF);
    expect(ran.told).toMatch(/^SLIPWAY_E_OPTION_INVALID: .*SLIPWAY_BUILD/);
    expect([ran.exitCode, ran.printed]).toEqual([1, '']);
  });
});

it('answers scripts written for Tilt with a tag, and no end of line', async () => {
  const tag = build(EXPECTED_REF);
  const argv = ['tilt', 'dump', 'image-deploy-ref', EXPECTED_REF];
  const ran = await inBuild({ ...CONTEXT, pin: 'both' }, ...argv);
  expect(ran).toEqual({
    exitCode: 0,
    printed: `registry:5000/web:${tag}`,
    told: '',
  });
});
