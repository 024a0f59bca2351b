import { REF, inject, pod, use } from '../testing/injecting';

describe('the images of workloads', () => {
  const template =
    'template: { spec: { containers: [{ name: a, image: web }] } }';
  it.each([
    ['Pod', 'v1', 'spec: { containers: [{ name: a, image: web }] }'],
    ['PodTemplate', 'v1', template],
    ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => [
      kind,
      'apps/v1',
      `spec: { ${template} }`,
    ]),
    ['Job', 'batch/v1', `spec: { ${template} }`],
    ['CronJob', 'batch/v1', `spec: { jobTemplate: { spec: { ${template} } } }`],
    ['Service', 'serving.knative.dev/v1', `spec: { ${template} }`],
    [
      'Workflow',
      'argoproj.io/v1alpha1',
      `spec: { templates: [{ spec: { initContainers: [{ name: a, image: web }] } }] }`,
    ],
  ])('stand in a %s of %s', (kind, apiVersion, spec) => {
    const { object, changes } = inject(pod(spec, kind, apiVersion));
    expect(JSON.stringify(object)).toContain(
      `{"name":"a","image":"${REF}","imagePullPolicy":"IfNotPresent"}`,
    );
    expect(changes[0]).toHaveLength(2);
  });

  it('stand in containers of every kind', () => {
    const { used } = inject(
      pod(
        `spec:\n  containers: [{ name: a, image: web }]\n  initContainers: [{ name: b, image: web }]\n  ephemeralContainers: [{ name: c, image: web }]`,
      ),
    );
    expect(used).toEqual([{ use: expect.anything() as object, places: 3 }]);
  });

  it('stand in image volumes, which have a pull policy of their own', () => {
    const { object } = inject(
      pod(
        'spec:\n  containers: [{ name: a, image: other }]\n  volumes: [{ name: v, image: { reference: "web:1", pullPolicy: Always } }, { name: w, emptyDir: {} }]',
      ),
    );
    expect(object).toMatchObject({
      spec: {
        containers: [{ name: 'a', image: 'other' }],
        volumes: [
          { image: { reference: REF, pullPolicy: 'IfNotPresent' } },
          { emptyDir: {} },
        ],
      },
    });
  });

  it('are values of the environment only if somebody says so', () => {
    const text = pod(
      'spec: { containers: [{ name: a, image: other, imagePullPolicy: Always, env: [{ name: A, value: web }, { name: B, value: "web and more" }, { name: C, valueFrom: {} }], args: [web] }] }',
    );
    expect(inject(text).changes).toEqual([[]]);
    const { changes } = inject(text, [use('web', { matchInEnvVars: true })]);
    expect(changes).toEqual([
      [{ path: ['spec', 'containers', 0, 'env', 0, 'value'], value: REF }],
    ]);
  });

  it('get command and args where the image says so, and only there', () => {
    const text = pod(
      'spec: { containers: [{ name: a, image: web, command: [old], args: [old] }, { name: b, image: other, args: [old] }] }',
    );
    const entrypoint = ['sh', '-c', 'x'];
    expect(inject(text, [use('web', { entrypoint })]).object).toMatchObject({
      spec: {
        containers: [
          { command: entrypoint, args: ['old'] },
          { image: 'other', args: ['old'] },
        ],
      },
    });
    expect(
      inject(text, [use('web', { containerArgs: [] })]).object,
    ).toMatchObject({
      spec: { containers: [{ command: ['old'], args: [] }, {}] },
    });
  });

  it('are left alone where they are nobody’s, whatever they are', () => {
    const text = pod(
      'spec: { containers: [{ name: a, image: "" }, { name: b, image: $(IMAGE) }, { name: c, image: auto }, { name: d, image: 7 }] }',
    );
    const { changes, others } = inject(text);
    expect(changes).toEqual([[]]);
    expect(others).toEqual(['auto']);
  });

  it('never stand in a CustomResourceDefinition, nor in data', () => {
    const schema = 'spec: { containers: [{ name: image, image: web }] }';
    for (const [kind, apiVersion] of [
      ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
      ['ConfigMap', 'v1'],
    ] as const) {
      expect(inject(pod(schema, kind, apiVersion)).changes).toEqual([[]]);
    }
    const annotated = `apiVersion: v1\nkind: Pod\nmetadata: { name: x, annotations: { containers: [{ name: a, image: web }] } }\n`;
    expect(inject(annotated).changes).toEqual([[]]);
  });

  it('never stand in a CustomResourceDefinition that another object holds', () => {
    const definition =
      '{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: { containers: [{ name: a, image: web }] } }';
    const held = pod(
      `spec: { manifests: [${definition}] }`,
      'Work',
      'a.dev/v1',
    );
    expect(inject(held).changes).toEqual([[]]);
  });

  it('stand in a volume beside containers whose image comes later', () => {
    const { used } = inject(
      pod(
        'spec: { containers: [{ name: a }], volumes: [{ name: v, image: { reference: web } }] }',
      ),
    );
    expect(used[0]?.places).toBe(1);
  });

  it('stand in containers without a name, as Knative has them', () => {
    const spec =
      'spec: { template: { spec: { containers: [{ image: web }] } } }';
    const { used } = inject(pod(spec, 'Service', 'serving.knative.dev/v1'));
    expect(used[0]?.places).toBe(1);
  });

  it('have no other pull policy changed for a value of the environment', () => {
    const text = pod(
      'spec: { containers: [{ name: a, image: other, imagePullPolicy: Always, env: [{ name: A, value: web }] }] }',
    );
    const { object } = inject(text, [
      use('web', { matchInEnvVars: true, entrypoint: ['x'] }),
    ]);
    expect(object).toMatchObject({
      spec: { containers: [{ image: 'other', imagePullPolicy: 'Always' }] },
    });
    expect(JSON.stringify(object)).not.toContain('command');
  });
});
