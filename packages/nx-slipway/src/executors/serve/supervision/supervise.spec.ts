import { readManifests } from '../../../manifest';
import { slipwayError } from '../../../testing/slipway-error';
import { assertShell, supervise } from '.';
import { parseReference } from '../../../image';

const REF = 'localhost:5000/web:nx-0123456789abcdef';
const CONFIG = { entrypoint: ['/entry.sh'], cmd: ['serve', '$$'] };

/** The objects of a manifest, with the processes of that image supervised. */
function supervisedIn(text: string, config = CONFIG) {
  const { objects } = readManifests([{ origin: 'web.yaml', text }]);
  return supervise(objects, [{ ref: REF, config }]);
}

/** What stands in the place of our script and all that is before it. */
const around = (...own: string[]): unknown[] => [
  'sh',
  '-c',
  expect.stringMatching(/^: nx-slipway supervisor\n/),
  'nx-slipway',
  ...own,
];

const deployment = (podSpec: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec: ${podSpec}
`;

it('wraps the command of each container of the image that stays', () => {
  const [deployed] = supervisedIn(
    deployment(`
      initContainers:
        - { name: migrate, image: "${REF}" }
        - { name: proxy, image: "${REF}", restartPolicy: Always, command: [proxy] }
      ephemeralContainers:
        - { name: debug, image: "${REF}" }
      containers:
        - { name: web, image: "${REF}" }
        - { name: worker, image: "${REF}", args: [work, $(HOME)], env: [{ name: A, value: b }] }
        - { name: other, image: "busybox:1.35" }`),
  );
  expect(deployed?.object.spec).toEqual({
    template: {
      spec: {
        initContainers: [
          { name: 'migrate', image: REF },
          {
            name: 'proxy',
            image: REF,
            restartPolicy: 'Always',
            command: around('proxy'),
          },
        ],
        ephemeralContainers: [{ name: 'debug', image: REF }],
        containers: [
          {
            name: 'web',
            image: REF,
            command: around('/entry.sh', 'serve', '$$$$'),
          },
          {
            name: 'worker',
            image: REF,
            env: [{ name: 'A', value: 'b' }],
            command: around('/entry.sh', 'work', '$(HOME)'),
          },
          { name: 'other', image: 'busybox:1.35' },
        ],
      },
    },
  });
});

it('finds pods in objects of any kind, and leaves probes and hooks', () => {
  const rest = {
    livenessProbe: { exec: { command: ['alive'] } },
    lifecycle: { preStop: { exec: { command: ['bye'] } } },
  };
  const [made] = supervisedIn(`
apiVersion: acme.dev/v1
kind: Fleet
metadata: { name: all }
spec:
  groups:
    - pod:
        containers:
          - { name: web, image: "${REF}", command: [a, b], args: [c], ${JSON.stringify(rest).slice(1, -1)} }
`);
  expect(made?.object.spec).toEqual({
    groups: [
      {
        pod: {
          containers: [
            {
              name: 'web',
              image: REF,
              ...rest,
              command: around('a', 'b', 'c'),
            },
          ],
        },
      },
    ],
  });
});

it('lets Kubernetes read our script as it is', () => {
  const [made] = supervisedIn(
    deployment(`{ containers: [{ name: web, image: "${REF}" }] }`),
  );
  const text = JSON.stringify(made?.object.spec);
  expect(text).toContain('/proc/$$$$/environ');
  expect(text.replaceAll('$$', '')).not.toContain('$');
});

it('leaves to the API server what no command can be', () => {
  const text = deployment(
    `{ containers: [{ name: web, image: "${REF}", command: sleep 9 }] }`,
  );
  const { objects } = readManifests([{ origin: 'web.yaml', text }]);
  expect(supervisedIn(text)).toEqual(objects);
});

it('says what to do where nothing says what runs', () => {
  const text = deployment(
    `{ containers: [{ name: web, image: "${REF}", args: [] }] }`,
  );
  expect(() => supervisedIn(text, { entrypoint: [], cmd: [] })).toThrow(
    slipwayError(
      'SLIPWAY_E_OPTION_INVALID',
      /the container web of Deployment\/web \(web\.yaml:2\) .* no command/,
    ),
  );
});

it('refuses an image that has no shell, if that is known', () => {
  const plan = { imageName: parseReference('gcr.io/acme/web') };
  expect(() => assertShell(plan, { ...CONFIG, hasShell: false })).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID', /gcr\.io\/acme\/web .* no sh/),
  );
  assertShell(plan, { ...CONFIG, hasShell: true });
  assertShell(plan, CONFIG);
});
