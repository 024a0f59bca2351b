import { planOf } from '../testing/plan';

function optionsOf(Tiltfile: string) {
  const { plugin, ledger } = planOf({ Tiltfile });
  return {
    options: plugin.map(({ options }) => options),
    problems: ledger.findings().flatMap(({ problems }) => problems),
  };
}

describe('options of the plugin', () => {
  it.each([
    ["default_registry('localhost:5000')", { registry: 'localhost:5000' }],
    [
      "default_registry('gcr.io/acme', single_name='dev', host_from_cluster='gcr.io/acme')",
      {
        registry: {
          host: 'gcr.io/acme',
          hostFromCluster: 'gcr.io/acme',
          singleName: 'dev',
        },
      },
    ],
    ["allow_k8s_contexts('dev')", { allowContexts: ['dev'] }],
    ["allow_k8s_contexts(['dev', 'eu'])", { allowContexts: ['dev', 'eu'] }],
    [
      "k8s_kind('Widget', image_json_path=['{.spec.a}', 'spec.b'])",
      {
        locators: [
          { kind: 'Widget', path: '{.spec.a}' },
          { kind: 'Widget', path: '{.spec.b}' },
        ],
      },
    ],
    [
      "k8s_kind('Chart', api_version='acme.dev/v1', image_object={'json_path': '{.spec.image}', 'repo_field': 'repo', 'tag_field': 'tag'})",
      {
        locators: [
          {
            apiVersion: 'acme.dev/v1',
            kind: 'Chart',
            path: '{.spec.image}',
            object: { repository: 'repo', tag: 'tag' },
          },
        ],
      },
    ],
    [
      "k8s_image_json_path('{.data.image}', name='runner', kind='ConfigMap')",
      {
        locators: [
          { kind: 'ConfigMap', name: 'runner', path: '{.data.image}' },
        ],
      },
    ],
  ])('%s', (statement, options) => {
    expect(optionsOf(statement)).toEqual({ options: [options], problems: [] });
  });

  it.each([
    ["default_registry('http://x')", /http:\/\/x/],
    ['default_registry(f())', /^host is what f/],
    [
      "k8s_kind('Widget.*', image_json_path='{.a}')",
      /^kind is the pattern Widget\.\*/,
    ],
    ["k8s_image_json_path('{.a}')", /locator/],
    ["k8s_kind('W', image_json_path='{.a[}')", /path/],
  ])('%s is not moved, with a reason', (statement, why) => {
    const { options, problems } = optionsOf(statement);
    expect(options).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(why)]);
  });

  it('needs nothing of a kind without images', () => {
    const { ledger } = planOf({
      Tiltfile: "k8s_kind('W', pod_readiness='ignore')",
    });
    expect(ledger.findings()).toMatchObject([{ result: 'needless' }]);
  });
});
