import Ajv from 'ajv';
import fc from 'fast-check';
import customBuild from '../../../executors/custom-build/schema.json';
import deploy from '../../../executors/deploy/schema.json';
import serve from '../../../executors/serve/schema.json';
import { parsePluginOptions } from '../../../settings';
import { planOf } from '../testing/plan';

const ajv = new Ajv({ meta: false, validateSchema: false, logger: false });
const VALID = {
  'custom-build': ajv.compile(customBuild),
  deploy: ajv.compile(deploy),
  serve: ajv.compile(serve),
};

const name = fc.constantFrom('web', 'api', 'acme/web', 'gcr.io/x/y');
const folder = fc.constantFrom('web', 'apps/api', '.', 'src', '../out', '/abs');
const text = fc.constantFrom(
  "'a'",
  "''",
  '"b c"',
  'None',
  'nobody',
  'f()',
  '3',
);
const paths = fc.constantFrom(
  "'k8s/a.yaml'",
  "['k8s', 'b.yaml']",
  "kustomize('k8s')",
  "helm('chart', name='x')",
  "local('make')",
  "blob('x')",
  'read_file(x)',
  "listdir('k8s')",
  '[]',
);
const port = fc.constantFrom(
  '8080',
  "'8080:80'",
  "['1:2', 3]",
  'port_forward(80)',
  "'x'",
  '0',
  'f()',
);
const steps = fc.constantFrom(
  "[sync('web', '/w')]",
  "[run('x')]",
  '[f()]',
  '[]',
  "[fall_back_on('a'), sync('b', '/b'), restart_container()]",
  '3',
);

/** Statements that are a call each, by the name that the call is known by. */
const statement = fc.oneof(
  fc
    .tuple(name, folder, steps, text)
    .map(
      ([ref, context, live, target]) =>
        [
          'docker_build',
          `docker_build('${ref}', '${context}', live_update=${live}, target=${target})`,
        ] as const,
    ),
  fc
    .tuple(name, folder, text)
    .map(
      ([ref, dep, tag]) =>
        [
          'custom_build',
          `custom_build('${ref}', 'make', ['${dep}'], tag=${tag})`,
        ] as const,
    ),
  paths.map((value) => ['k8s_yaml', `k8s_yaml(${value})`] as const),
  fc
    .tuple(name, port, text)
    .map(
      ([workload, forwards, more]) =>
        [
          'k8s_resource',
          `k8s_resource('${workload}', port_forwards=${forwards}, new_name=${more})`,
        ] as const,
    ),
  text.map(
    (host) => ['default_registry', `default_registry(${host})`] as const,
  ),
  text.map(
    (context) =>
      ['allow_k8s_contexts', `allow_k8s_contexts(${context})`] as const,
  ),
  text.map(
    (kind) =>
      [
        'k8s_kind',
        `k8s_kind(${kind}, image_json_path='{.spec.image}')`,
      ] as const,
  ),
  text.map((cmd) => ['local_resource', `local_resource('x', ${cmd})`] as const),
  fc
    .constantFrom(
      'config.parse',
      'update_settings',
      'print',
      'unheard_of',
      'constructor',
      'toString',
    )
    .map((called) => [called, `${called}()`] as const),
);

describe('what becomes of a Tiltfile', () => {
  const tiltfile = fc.array(statement, { maxLength: 12 });

  it('is told of each call once, in its order, moved or with a reason', () => {
    fc.assert(
      fc.property(tiltfile, (statements) => {
        const Tiltfile = statements.map(([, line]) => line).join('\n');
        const { ledger, targets } = planOf({ Tiltfile });
        const findings = ledger.findings();
        expect(findings.map(({ call }) => call.name)).toEqual(
          statements.map(([called]) => called),
        );
        const written = new Set([
          'nx.json',
          ...targets.map(({ project, target }) => `${project.name}:${target}`),
        ]);
        for (const { result, to, problems, notes } of findings) {
          if (result === 'left') expect(problems).not.toEqual([]);
          if (result === 'needless') expect(notes).not.toEqual([]);
          expect(to.length > 0).toBe(result === 'moved' || result === 'part');
          expect(to.filter((place) => !written.has(place))).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has only options that executors and the plugin take, and no target twice', () => {
    fc.assert(
      fc.property(tiltfile, (statements) => {
        const Tiltfile = statements.map(([, line]) => line).join('\n');
        const { targets, plugin } = planOf({ Tiltfile });
        const names = targets.map(
          ({ project, target }) => `${project.root}:${target}`,
        );
        expect(new Set(names).size).toBe(names.length);
        for (const { target, config } of targets) {
          const kind = target.startsWith('custom-build')
            ? 'custom-build'
            : target;
          const isValid = VALID[kind as keyof typeof VALID];
          isValid(config.options);
          expect(isValid.errors).toBeNull();
        }
        for (const { options } of plugin) {
          expect(() => parsePluginOptions(options)).not.toThrow();
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has a reason for a call that only a run would tell of, and the target to write', () => {
    const { ledger, targets } = planOf({
      Tiltfile:
        "if config.tilt_subcommand == 'up':\n  docker_build('web', 'web')\n",
    });
    expect(targets).toEqual([]);
    const [finding, ...others] = ledger.findings();
    expect(others).toEqual([]);
    expect(finding?.result).toBe('left');
    expect(finding?.problems.join()).toMatch(/^it stands in line 1, /);
    expect(finding?.todo).toContain(
      '"command":"docker build -t $EXPECTED_REF web","deps":["{workspaceRoot}/web"]',
    );
  });
});
