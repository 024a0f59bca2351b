import { wrongCommands } from './line';

it.each([
  'npx nx g nx-slipway:init --registry=localhost:5000 --dry-run',
  'nx generate nx-slipway:init --no-interactive',
  'nx g @nx/js:library --anything',
  'npx nx add nx-slipway',
  'npx nx add nx-slipway@0.1.0 --verbose',
  'npm install --save-dev nx-slipway && npx nx g nx-slipway:init',
  'NX_DAEMON=false npx nx run shop:deploy:production --dry-run --no-wait',
  'nx run shop:deploy --timeout 90s --recreate=job/migrate --verbose',
  'nx run frontend:custom-build --skip-nx-cache --push=never',
  'nx serve shop --projects=api,web --logs all --no-live-update --portForwards',
  'nx serve shop --source.kustomize=overlays/dev',
  'nx run PROJECT:deploy --help',
  'nx affected -t custom-build deploy --parallel=3',
  'nx run-many --targets=lint,build -p api',
  'nx affected',
  'slipway image-deploy-ref',
  'nx --version',
  'nx g nx-slipway:NAME --help',
  'nx run docs:options',
  'nx show project shop --web',
  'npx -y create-nx-workspace@23 acme --preset=apps',
  'npx slipway status',
  'slipway trigger frontend',
  'slipway image-deploy-ref $EXPECTED_REF --registry ""',
  'npm run sandbox -- up',
  'npm test',
  'docker build --whatever .',
])('lets %s be', (line) => {
  expect(wrongCommands(line)).toEqual([]);
});

it.each([
  ['npx nx g nx-slipway:custom', 'there is no generator custom, but'],
  ['nx g nx-slipway:init --registri=x', 'there is no option --registri'],
  ['nx add nx-slipway --registry=x', 'nx add does not hand on --registry'],
  ['nx run shop', 'shop names no target'],
  ['nx run shop:deplo', 'there is no target deplo'],
  ['nx sevre shop', 'there is no target sevre'],
  ['nx serve shop --log=all', 'there is no option --log'],
  ['nx serve shop --logs=some', '--logs is none, changed, all, not some'],
  ['nx serve shop --namespace', '--namespace has no value'],
  ['nx serve shop --no-logs', 'there is no option --noLogs'],
  ['nx deploy shop web', 'deploy takes no web'],
  ['nx affected -t custom-build deplo', 'there is no target deplo'],
  ['npx slipway stauts', 'slipway has no command stauts'],
  ['npx slipway status --jsn', 'slipway status has no option --jsn'],
  ['slipway pause now', 'slipway pause takes no words'],
  ['npm run demmo', 'there is no script demmo'],
  ['true && npx nx sevre shop', 'there is no target sevre'],
])('finds what is wrong with %s', (line, why) => {
  expect(wrongCommands(line)).toEqual([[0, expect.stringContaining(why)]]);
});
