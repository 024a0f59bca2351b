/**
 * The arrows of the house: which rooms each room of src/ may import, and which
 * packages only one room may. A room is imported by its face (its index)
 * alone. What is not listed here does not exist yet.
 */
const PURE = ['image', 'inputs', 'report'];
const ARROWS = {
  executors: ['build', 'docker', 'registry', ...PURE],
  generators: PURE,
  build: ['docker', 'registry', ...PURE],
  docker: PURE,
  registry: PURE,
  inputs: ['report'],
  image: ['report'],
  report: [],
};

/** Only these rooms know Nx. */
const NX_ROOMS = ['executors', 'generators'];

/** Packages that are one room's business. */
const OWNED = { dockerode: 'docker', execa: 'build', picomatch: 'inputs' };

/** How deep folders go below a room: src/executors/custom-build is 1. */
const DEPTHS = [0, 1];

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
  for (const [name, owner] of Object.entries(OWNED)) {
    if (room === owner) continue;
    patterns.push({
      regex: `^${name}(?:/.*)?$`,
      message: `${name} is the business of ${owner}/ alone.`,
    });
  }
  return patterns;
}

export default Object.keys(ARROWS).flatMap((room) =>
  DEPTHS.map((depth) => ({
    files: [`**/src/${room}/${'*/'.repeat(depth)}*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: restrictions(room, depth) },
      ],
    },
  })),
);
