/**
 * The matrix of design 2.3: what is deployed for each pair of options that can
 * meet. docs/modes.md shows it, modes.spec.ts runs every cell.
 *
 * NAME: the image name, mapped to the registry in force, as this machine calls
 * it; AS: as written in `ref`; P: what stands before a tag under `singleName`.
 * HOST becomes CLUSTER on the cluster's side.
 */
export interface Mode {
  readonly id: string;
  /** As the table shows them. */
  readonly options: Readonly<Record<string, string | boolean>>;
  /** Undefined: the variable is not set. */
  readonly expectedRef?: string;
  readonly foundIn: string;
  /** With a registry in force, on this machine's side. */
  readonly deployed: string;
  /** Where none is, and `ref` has no registry in it; null: refused. */
  readonly withoutRegistry: string | null;
  /** Where none is, and `ref` names one itself. */
  readonly ownRegistry: string;
}

export interface Situation {
  readonly id: string;
  readonly title: string;
  readonly ref: string;
  /** The option `registry`. */
  readonly registry?: Readonly<Record<string, string>>;
  readonly name: string;
  readonly tagPrefix?: string;
}

const FULL = 'HOST/tools/web:dev';
export const WRITTEN = 'HOST/own/web:v1';
const ESCAPED = 'HOST/gcr.io_shop_web';

export const SITUATIONS: readonly Situation[] = [
  { id: 'none', title: 'no registry', ref: 'web', name: 'web' },
  {
    id: 'own',
    title: 'no registry, but one in `ref`',
    ref: 'HOST/shop/web',
    name: 'HOST/shop/web',
  },
  {
    id: 'one',
    title: 'a registry',
    ref: 'gcr.io/shop/web',
    registry: { host: 'HOST' },
    name: ESCAPED,
  },
  {
    id: 'two',
    title: 'a registry of two names',
    ref: 'gcr.io/shop/web',
    registry: { host: 'HOST', hostFromCluster: 'CLUSTER' },
    name: ESCAPED,
  },
  {
    id: 'single',
    title: '`singleName: "all"`',
    ref: 'gcr.io/shop/web',
    registry: { host: 'HOST', hostFromCluster: 'CLUSTER', singleName: 'all' },
    name: 'HOST/all',
    tagPrefix: 'gcr.io_shop_web-',
  },
  {
    id: 'preserve',
    title: '`naming: "preserve"`',
    ref: 'gcr.io/shop/web',
    registry: { host: 'HOST', hostFromCluster: 'CLUSTER', naming: 'preserve' },
    name: 'HOST/gcr.io/shop/web',
  },
];

const IN_REGISTRY = 'NAME:P<content>@<digest>';
const IN_DOCKER = 'NAME:P<content>';
const OF_FULL = 'HOST/tools/web:P<content>@<digest>';

function mode(
  id: string,
  options: Mode['options'],
  expectedRef: string | undefined,
  foundIn: string,
  deployed: string,
  without: { none: string | null; own: string },
): Mode {
  return {
    id,
    options,
    expectedRef,
    foundIn,
    deployed,
    withoutRegistry: without.none,
    ownRegistry: without.own,
  };
}

const everywhere = (ref: string) => ({ none: ref, own: ref });
const pushedItself = { none: null, own: IN_REGISTRY };
const tag = { tag: 'dev' };
const full = { tag: FULL };
const file = { outputsImageRefTo: 'ref.txt' };
const disablePush = { disablePush: true };
const skips = { skipsLocalDocker: true };
const both = { ...disablePush, ...skips };

export const MODES: readonly Mode[] = [
  mode(
    'default',
    {},
    'NAME:P<build>',
    'Docker',
    IN_REGISTRY,
    everywhere(IN_DOCKER),
  ),
  mode('tag', tag, 'AS:dev', 'Docker', IN_REGISTRY, everywhere(IN_DOCKER)),
  mode('full', full, FULL, 'Docker', IN_REGISTRY, everywhere(IN_DOCKER)),
  mode(
    'file',
    file,
    undefined,
    'Docker, at the ref in the file',
    `${WRITTEN}@<digest>`,
    everywhere('HOST/own/web:<content>'),
  ),
  mode(
    'never',
    { push: 'never' },
    'NAME:P<build>',
    'Docker',
    IN_DOCKER,
    everywhere(IN_DOCKER),
  ),
  mode(
    'never-tag',
    { push: 'never', ...tag },
    'AS:dev',
    'Docker',
    IN_DOCKER,
    everywhere(IN_DOCKER),
  ),
  mode(
    'never-file',
    { push: 'never', ...file },
    undefined,
    'Docker, at the ref in the file',
    'HOST/own/web:<content>',
    everywhere('HOST/own/web:<content>'),
  ),
  mode(
    'always',
    { push: 'always' },
    'NAME:P<build>',
    'Docker',
    IN_REGISTRY,
    pushedItself,
  ),

  mode(
    'pushed',
    disablePush,
    'NAME:P<reused>',
    'Docker, and the registry',
    IN_REGISTRY,
    pushedItself,
  ),
  mode(
    'pushed-tag',
    { ...disablePush, ...tag },
    'AS:dev',
    'Docker, and the registry at NAME:Pdev',
    IN_REGISTRY,
    pushedItself,
  ),
  mode(
    'pushed-full',
    { ...disablePush, ...full },
    FULL,
    'Docker, and the registry',
    OF_FULL,
    everywhere(OF_FULL),
  ),
  mode(
    'pushed-file',
    { ...disablePush, ...file },
    undefined,
    'Docker and the registry, at the ref in the file',
    `${WRITTEN}@<digest>`,
    everywhere(`${WRITTEN}@<digest>`),
  ),

  mode(
    'skips',
    skips,
    'NAME:P<reused>',
    'the registry',
    IN_REGISTRY,
    pushedItself,
  ),
  mode(
    'skips-tag',
    { ...skips, ...tag },
    'NAME:Pdev',
    'the registry',
    IN_REGISTRY,
    pushedItself,
  ),
  mode(
    'skips-full',
    { ...skips, ...full },
    FULL,
    'the registry',
    OF_FULL,
    everywhere(OF_FULL),
  ),
  mode(
    'skips-file',
    { ...skips, ...file },
    undefined,
    'the registry, at the ref in the file',
    `${WRITTEN}@<digest>`,
    everywhere(`${WRITTEN}@<digest>`),
  ),

  mode(
    'cluster',
    both,
    'AS:<inputs>',
    'trusted',
    'AS:<inputs>',
    everywhere('AS:<inputs>'),
  ),
  mode(
    'cluster-tag',
    { ...both, ...tag },
    'AS:dev',
    'trusted',
    'AS:dev',
    everywhere('AS:dev'),
  ),
  mode(
    'cluster-full',
    { ...both, ...full },
    FULL,
    'trusted',
    FULL,
    everywhere(FULL),
  ),
  mode(
    'cluster-file',
    { ...both, ...file },
    undefined,
    'trusted',
    WRITTEN,
    everywhere(WRITTEN),
  ),
];

export interface Cell {
  readonly id: string;
  readonly mode: Mode;
  readonly situation: Situation;
  readonly expectedRef?: string;
  /** On this machine's side; null: the options are refused. */
  readonly deployed: string | null;
}

export const CELLS: readonly Cell[] = SITUATIONS.flatMap((situation) =>
  MODES.map((each): Cell => {
    const fill = (template: string) => filled(template, situation);
    const deployed = deployedIn(each, situation);
    return {
      id: `${each.id}-${situation.id}`,
      mode: each,
      situation,
      expectedRef: each.expectedRef && fill(each.expectedRef),
      deployed: deployed === null ? null : fill(deployed),
    };
  }),
);

function deployedIn(each: Mode, { id }: Situation): string | null {
  if (id === 'none') return each.withoutRegistry;
  return id === 'own' ? each.ownRegistry : each.deployed;
}

function filled(template: string, { ref, name, tagPrefix = '' }: Situation) {
  return template
    .replace(/^NAME/, name)
    .replace(/^AS/, ref)
    .replace(':P', `:${tagPrefix}`);
}

/** The tables of docs/modes.md. */
export function modesTables(): string {
  const rows = MODES.map((each) =>
    row(
      code(optionsOf(each)) || 'none',
      each.expectedRef ? code(each.expectedRef) : 'unset',
      each.foundIn.replace(/NAME:\S+/, code),
      code(each.deployed),
      each.withoutRegistry === null ? 'refused' : code(each.withoutRegistry),
      code(each.ownRegistry),
    ),
  );
  const names = SITUATIONS.map(({ title, ref, name, tagPrefix = '' }) =>
    row(title, code(ref), code(name), tagPrefix && code(tagPrefix)),
  );
  return [
    row(
      'options',
      '`EXPECTED_REF`',
      'looked for in',
      'deployed, with a registry',
      'with none',
      'with none, but one in `ref`',
    ),
    row(...Array<string>(6).fill('---')),
    ...rows,
    '',
    row('', '`ref` (AS)', 'NAME', 'P'),
    row(...Array<string>(4).fill('---')),
    ...names,
  ].join('\n');
}

function optionsOf({ options }: Mode): string {
  return Object.entries(options)
    .map(([name, value]) => (value === true ? name : `${name}: "${value}"`))
    .join(', ');
}

const code = (text: string) => text && `\`${text}\``;
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
