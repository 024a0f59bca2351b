// Starts a TypeScript program of this repository on a machine that has nothing
// but Node and npm: installs the root's node_modules when they are missing or
// half-made, registers a TypeScript loader, and requires the entry.
//
//   node e2e/sandbox/bootstrap.js <entry.ts, relative to the root> [arguments]
//
// This is the only plain JavaScript here, because it runs before there is a
// compiler. It uses nothing but Node.
'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const MODULES = path.join(ROOT, 'node_modules');
const LOCKFILE = path.join(ROOT, 'package-lock.json');
const STAMP = path.join(MODULES, '.slipway-stamp');

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

function fail(message) {
  console.error(message);
  process.exit(1);
}

function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      `Node ${process.versions.node} is too old: install Node >= 20.19 (with npm) and run this again.`,
    );
  }
}

/**
 * A lock that the kernel lets go of when its holder dies, however it dies: a
 * listening socket in Linux's abstract namespace, a named pipe on Windows.
 * Elsewhere a socket file, whose leftovers are told by nobody answering.
 */
function lockAddress(name) {
  const id = `nx-slipway-${sha256(name).slice(0, 16)}`;
  if (process.platform === 'linux') return `\0${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${id}`;
  return path.join(os.tmpdir(), `${id}.sock`);
}

const listen = (address) =>
  new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(address, () => resolve(server.unref()));
  });

const answers = (address) =>
  new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });

/** Waits for the lock `name`; resolves to the function that gives it back. */
async function acquireLock(name, onWait = () => {}) {
  const address = lockAddress(name);
  for (let tries = 0; ; tries++) {
    try {
      const server = await listen(address);
      return () => new Promise((done) => server.close(() => done()));
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
    if (tries === 0) onWait();
    const isFile = !/^(\0|\\\\)/.test(address);
    if (isFile && !(await answers(address)))
      fs.rmSync(address, { force: true });
    await new Promise((done) => setTimeout(done, 50));
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

// The stamp lives inside node_modules, which `npm ci` empties first, and is
// written last: an install that was killed has none.
function installed() {
  const lockfile = read(LOCKFILE);
  return lockfile !== undefined && read(STAMP) === sha256(lockfile);
}

const NPM_CI = ['ci', '--prefer-offline', '--no-audit', '--no-fund'];

/**
 * Makes npm end when this process is killed: the lock is given back then, and
 * two npm in one node_modules would spoil it.
 */
function withUs() {
  const program = '/usr/bin/setpriv';
  const linux = process.platform === 'linux' && fs.existsSync(program);
  return linux ? [program, '--pdeathsig', 'KILL'] : [];
}

async function install() {
  if (installed()) return;
  const release = await acquireLock(`npm ci ${ROOT}`, () =>
    console.error('Waiting for another npm ci in this folder ...'),
  );
  try {
    if (installed()) return;
    if (!fs.existsSync(LOCKFILE)) fail(`There is no ${LOCKFILE}.`);
    const hash = sha256(read(LOCKFILE));
    const start = Date.now();
    console.error('npm ci: installing what package-lock.json names ...');
    const [program, ...args] = [...withUs(), 'npm', ...NPM_CI];
    const npm = spawnSync(program, args, {
      cwd: ROOT,
      // npm's own words go to stderr: stdout belongs to the program started.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    // 127: setpriv did not find it.
    if (npm.error?.code === 'ENOENT' || npm.status === 127) {
      fail('npm is missing: install npm (it comes with Node) and try again.');
    }
    if (npm.status !== 0) fail('npm ci failed; its reason stands above.');
    fs.writeFileSync(STAMP, hash);
    console.error(`npm ci: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  } finally {
    await release();
  }
}

async function main() {
  checkMachine();
  const [entry, ...args] = process.argv.slice(2);
  if (!entry) fail('usage: node e2e/sandbox/bootstrap.js <entry.ts> [args]');
  await install();
  // Read by the loader when it is required. Type errors are for `typecheck`.
  process.env.TS_NODE_PROJECT = path.join(ROOT, 'tsconfig.base.json');
  process.env.SWC_NODE_PROJECT = process.env.TS_NODE_PROJECT;
  require('@swc-node/register');
  const file = path.resolve(ROOT, entry);
  process.argv = [process.argv[0], file, ...args];
  require(file);
}

module.exports = { acquireLock };

if (require.main === module) {
  main().catch((error) => fail(error.stack));
}
