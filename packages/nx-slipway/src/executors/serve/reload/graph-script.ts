/** What the script leaves: `error` if the graph could not be made. */
export interface GraphAnswer {
  readonly projectGraph?: unknown;
  readonly nxJson?: unknown;
  readonly error?: string;
}

/**
 * Makes the project graph and writes it to a file, since plugins print as they
 * like. Its arguments: that file, and where @nx/devkit is.
 *
 * Where another Nx is making a graph, ours waits for that and takes it, though
 * it may have been begun before the edit that we are here for. Nx marks the
 * start of its own work: without that mark it is asked again.
 */
export const GRAPH_SCRIPT = `
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const [file, devkitPath] = process.argv.slice(2);

// As much of one as nx.json, and what it extends, is read by.
const tree = {
  root: process.cwd(),
  exists: (path) => existsSync(path),
  read: (path, encoding) => readFileSync(path, encoding),
};

async function graph() {
  const devkit = require(devkitPath);
  for (let tries = 3; ; tries--) {
    const projectGraph = await devkit.createProjectGraphAsync({
      exitOnError: false,
    });
    const mark = 'retrieve-project-configurations:start';
    const isOwn = performance.getEntriesByName(mark).length > 0;
    if (isOwn || tries === 1) {
      return { projectGraph, nxJson: devkit.readNxJson(tree) ?? {} };
    }
  }
}

function describe(error) {
  const { name, errors, cause } = error ?? {};
  const isList = name === 'ProjectGraphError' && errors?.length > 0;
  if (isList) return errors.map(describe).join('\\n');
  const [text] = String(error?.message ?? error).split('\\nRequire stack:');
  return cause?.message ? text + ' ' + cause.message : text;
}

graph()
  .catch((error) => ({ error: describe(error).trim() }))
  .then((answer) => {
    writeFileSync(file, JSON.stringify(answer));
    // Plugins may keep handles open.
    process.exit(0);
  });
`;
