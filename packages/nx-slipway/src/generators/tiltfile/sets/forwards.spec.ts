import { planOf } from '../testing/plan';

const forwardsOf = (value: string) => {
  const { targets, ledger } = planOf({
    Tiltfile: `k8s_yaml('k8s/web.yaml')\nk8s_resource('web:deployment', port_forwards=${value})`,
    'k8s/web.yaml': '',
  });
  return {
    forwards: targets.find(({ target }) => target === 'serve')?.config.options
      ?.portForwards,
    problems: ledger.findings()[1]?.problems,
  };
};

describe('port_forwards', () => {
  const object = 'deployment/web';

  it.each([
    ['8080', [{ port: 8080 }]],
    ["'8080'", [{ port: 8080 }]],
    ["'8080:80'", [{ port: 8080, containerPort: 80 }]],
    ["'localhost:8080:80'", [{ port: 8080, containerPort: 80 }]],
    ["'127.0.0.1:8080:80'", [{ port: 8080, containerPort: 80 }]],
    ['port_forward(8080)', [{ port: 8080 }]],
    [
      "port_forward(8080, 80, name='web', link_path='/x')",
      [{ port: 8080, containerPort: 80 }],
    ],
    [
      "[8080, '9090:90', port_forward(1)]",
      [{ port: 8080 }, { port: 9090, containerPort: 90 }, { port: 1 }],
    ],
  ])('%s', (value, forwards) => {
    const expected = forwards.map((each) => ({ object, ...each }));
    expect(forwardsOf(value)).toEqual({ forwards: expected, problems: [] });
  });

  it('are on loopback whatever host they name, and that is told', () => {
    expect(forwardsOf("'0.0.0.0:8080:80'")).toEqual({
      forwards: [{ object, port: 8080, containerPort: 80 }],
      problems: [
        "port_forwards: '0.0.0.0:8080:80' is forwarded on loopback alone",
      ],
    });
  });

  it.each(["'x'", '0', '70000', "'8080:'", 'f()', 'port_forward(f())'])(
    'are not moved of %s, with a reason',
    (value) => {
      const { forwards, problems } = forwardsOf(value);
      expect(forwards).toBeUndefined();
      expect(problems).toEqual([expect.stringMatching(/^port_forwards is /)]);
    },
  );
});
