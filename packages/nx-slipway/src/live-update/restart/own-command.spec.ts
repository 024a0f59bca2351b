import { literally, ownCommand, type ContainerCommand } from '.';

const IMAGE = { entrypoint: ['/entry.sh'], cmd: ['node', 'server.js'] };

it.each<[string, ContainerCommand, string[]]>([
  ['nothing', {}, ['/entry.sh', 'node', 'server.js']],
  ['args', { args: ['-v'] }, ['/entry.sh', '-v']],
  ['a command', { command: ['sleep'] }, ['sleep']],
  ['both', { command: ['sleep'], args: ['9'] }, ['sleep', '9']],
  [
    'empty lists',
    { command: [], args: [] },
    ['/entry.sh', 'node', 'server.js'],
  ],
  ['null', { command: null, args: null }, ['/entry.sh', 'node', 'server.js']],
])('a container that says %s runs what Kubernetes runs', (_, said, argv) => {
  expect(ownCommand(said, IMAGE)).toEqual(argv);
});

it('an entrypoint that is taken away is none', () => {
  expect(ownCommand({}, { entrypoint: [''], cmd: ['sh'] })).toEqual(['sh']);
  expect(ownCommand({}, { entrypoint: [], cmd: [] })).toEqual([]);
});

it('what the image says is not read for variables, what a container says is', () => {
  const config = { entrypoint: ['sh', '-c', 'echo $(hostname) $$'], cmd: [] };
  expect(ownCommand({ args: ['$(HOME)'] }, config)).toEqual([
    ...['sh', '-c', 'echo $$(hostname) $$$$', '$(HOME)'],
  ]);
  expect(literally(['$'])).toEqual(['$$']);
});
