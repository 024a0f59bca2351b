/**
 * The arrows of the house: which rooms each room of src/ may import, and which
 * packages only one room may. A room is imported by its face (its index)
 * alone. What is not listed here does not exist yet.
 */
const PURE = ['image', 'inputs', 'locate', 'manifest', 'report', 'settings'];
const SYSTEMS = ['docker', 'registry', 'cluster', 'state'];
const ARROWS = {
  plugin: ['disk', 'executors', 'source', ...PURE],
  executors: [
    'serve',
    'live-update',
    'build',
    'deploy',
    'load',
    'source',
    'watch',
    'tool',
    ...SYSTEMS,
    ...PURE,
  ],
  generators: PURE,
  cli: [
    'executors',
    'serve',
    'live-update',
    'build',
    'source',
    'tool',
    ...SYSTEMS,
    ...PURE,
  ],
  serve: ['build', 'deploy', 'watch', 'live-update', ...SYSTEMS, ...PURE],
  build: ['tool', ...SYSTEMS, ...PURE],
  deploy: ['cluster', 'state', ...PURE],
  load: ['tool', 'docker', 'cluster', ...PURE],
  source: ['disk', 'tool', ...PURE],
  watch: ['disk', 'report'],
  'live-update': ['state', 'cluster', ...PURE],
  tool: ['state', 'report'],
  docker: PURE,
  registry: PURE,
  cluster: PURE,
  state: PURE,
  settings: ['image', 'locate', 'report'],
  inputs: ['disk', 'report'],
  manifest: ['image', 'locate', 'report'],
  locate: ['image', 'report'],
  image: ['report'],
  report: [],
  disk: [],
};

/** Only these rooms know Nx. */
const NX_ROOMS = ['plugin', 'executors', 'generators', 'cli'];

/** Packages that are the business of some rooms alone. */
const OWNED = {
  dockerode: ['docker'],
  execa: ['build', 'registry', 'tool'],
  'js-yaml': ['plugin'],
  picomatch: ['plugin', 'inputs', 'source'],
  undici: ['registry'],
  ws: ['cluster'],
  yaml: ['manifest'],
  '@kubernetes/client-node': ['cluster'],
  '@lezer/common': ['generators'],
  '@lezer/lr': ['generators'],
  '@lezer/python': ['generators'],
};

/** What a graph is made of, these ask of disk/, so that it is known later. */
const ASKING_DISK = ['plugin', 'source'];

/** How deep folders go below a room: src/executors/custom-build is 1. */
const DEPTHS = [0, 1, 2];

function restrictions(room, depth) {
  const up = '\\.\\./'.repeat(depth + 1);
  const allowed = ARROWS[room].join('|') || '$^';
  const patterns = [
    {
      regex: `^${up}(?!(?:${allowed})$|(?:${allowed})/.*schema(?:\\.json)?$|testing/|\\.\\./)[a-z]`,
      message: `${room}/ may import the faces of: ${ARROWS[room].join(', ') || 'no other room'} (design, section 3).`,
    },
  ];
  if (!NX_ROOMS.includes(room)) {
    patterns.push({
      regex: '^(?:nx|@nx/.+)(?:/.*)?$',
      message: `only ${NX_ROOMS.join(' and ')} know Nx (design, section 3).`,
    });
  }
  if (ASKING_DISK.includes(room)) {
    patterns.push({
      regex: '^node:fs$',
      message: `${room}/ asks the disk through disk/, or by promises where no graph is made.`,
    });
  }
  for (const [name, owners] of Object.entries(OWNED)) {
    if (owners.includes(room)) continue;
    patterns.push({
      regex: `^${name}(?:/.*)?$`,
      message: `${name} is the business of ${owners.join('/ and ')}/ alone.`,
    });
  }
  return patterns;
}

export default Object.keys(ARROWS).flatMap((room) =>
  DEPTHS.map((depth) => ({
    files: [`**/src/${room}/${'*/'.repeat(depth)}*.ts`],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: restrictions(room, depth) },
      ],
    },
  })),
);
