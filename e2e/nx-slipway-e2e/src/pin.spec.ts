import { addProject } from './support/project';
import { outputsOf } from './support/mode-cell';
import { TestWorkspace } from './support/workspace';

const TAG = 'nx-[0-9a-f]{16}';
const DIGEST = 'sha256:[0-9a-f]{64}';
const PUSH =
  'docker build -q -t $EXPECTED_REF . && docker push -q $EXPECTED_REF';

const MODES: Readonly<Record<string, Record<string, unknown>>> = {
  default: {},
  pushed: { disablePush: true, command: PUSH },
  skips: { skipsLocalDocker: true, command: PUSH },
  file: {
    outputsImageRefTo: 'ref.txt',
    command:
      'ref=$REGISTRY_HOST/pin_file:v1; docker build -q -t $ref . && echo $ref > ref.txt',
  },
  // In no registry: the tag is all there is.
  local: { registry: '' },
};

/** `both` is the default: modes.spec.ts has it in every mode. */
describe('pin', () => {
  let workspace: TestWorkspace;
  let host: string;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    host = workspace.sandbox.registry.host;
    for (const [name, options] of Object.entries(MODES)) {
      await addProject(workspace, name, {
        options: { ref: `pin/${name}`, ...options },
      });
    }
  });

  afterAll(() => workspace.remove());

  async function refsWith(pin: string): Promise<Record<string, string>> {
    await workspace.usePlugin({ registry: host, pin });
    const { output } = await workspace.nx([
      ...['run-many', '-t', 'custom-build', '--output-style=static'],
    ]);
    return Object.fromEntries(
      [...outputsOf(output)].map(([name, text]) => [
        name,
        text.match(/^\S+[:@]\S+$/gm)?.at(-1) ?? text,
      ]),
    );
  }

  it.each([
    ['tag', `:${TAG}`, ':v1'],
    ['digest', `@${DIGEST}`, `@${DIGEST}`],
  ])('%s is what the deploy ref has', async (pin, end, endOfFile) => {
    const refs = await refsWith(pin);
    const ends = {
      default: end,
      pushed: end,
      skips: end,
      file: endOfFile,
    };
    for (const [name, tail] of Object.entries(ends)) {
      expect(refs[name]).toMatch(new RegExp(`^${host}/pin_${name}${tail}$`));
    }
    expect(refs.local).toMatch(new RegExp(`^pin/local:${TAG}$`));
  });
});
