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
 * Where another Nx is making a graph, ours waits for that and takes it, or
 * its error, though it may have been begun before the edit that we are here
 * for. Nx marks the start of its own work: without that mark it is asked again.
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
  const ask = () => devkit.createProjectGraphAsync({ exitOnError: false });
  const isOurs = () =>
    performance.getEntriesByName('retrieve-project-configurations:start')
      .length > 0;
  let projectGraph;
  for (let tries = 3; ; tries--) {
    try {
      projectGraph = await ask();
      if (isOurs() || tries === 1) break;
    } catch (error) {
      if (isOurs() || tries === 1) throw error;
    }
  }
  return { projectGraph, nxJson: devkit.readNxJson(tree) ?? {} };
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
