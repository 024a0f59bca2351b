import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { DockerEngine } from '../docker';
import { parseReference } from '../image';
import { SlipwayError } from '../report';
import { recordingReporter } from '../testing/recording-reporter';
import { cleanUpAfter, leftoversNote } from './leftovers';
import type { TaggedReference } from './plan';

const TRANSIENT = 'localhost:5000/x:nx-build-0123456789abcdef';
const transient = parseReference(TRANSIENT) as TaggedReference;

/** A Docker of which only the tags that are taken away are seen. */
function dockerAt(address: string) {
  const untagged: string[] = [];
  const inspect = () => Promise.resolve({});
  const untag = (ref: string) => {
    untagged.push(ref);
    return Promise.resolve(true);
  };
  const docker = { address, inspect, untag } as unknown as DockerEngine;
  return { untagged, docker };
}

function systemsAt(address: string) {
  const { docker, untagged } = dockerAt(address);
  return { docker, untagged, reporter: recordingReporter() };
}

describe('the note of a killed build', () => {
  it('has its transient tag taken away, in that Docker alone', async () => {
    const here = systemsAt('unix:///here');
    const there = systemsAt('unix:///there');
    const note = await leftoversNote(here, transient);
    await cleanUpAfter(note, there, true);
    expect(there.untagged).toEqual([]);
    await cleanUpAfter(note, here, true);
    expect(here.untagged).toEqual([TRANSIENT]);
  });

  it('is silent where the build has taken away its tag itself', async () => {
    const systems = systemsAt('unix:///here');
    const note = await leftoversNote(systems, transient);
    const inspect = () => Promise.resolve(undefined);
    const docker = { ...systems.docker, inspect };
    await cleanUpAfter(note, { ...systems, docker }, true);
    expect(systems.untagged).toEqual([]);
    expect(systems.reporter.lines).toEqual([]);
  });

  it('has its command ended', async () => {
    const child = spawn('sh', ['-c', 'sleep 600 & wait'], { detached: true });
    const ended = once(child, 'exit');
    const systems = systemsAt('unix:///here');
    const note = await leftoversNote(systems, undefined, child.pid);
    await cleanUpAfter(note, systems, true);
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  it('never ends another process that has got its number', async () => {
    const child = spawn('sleep', ['600'], { detached: true });
    try {
      const systems = systemsAt('unix:///here');
      const note = await leftoversNote(systems, undefined, child.pid);
      const { leader } = JSON.parse(note) as { leader: string };
      const [pid, start, ...rest] = leader.split('-');
      const other = [pid, Number(start) + 1, ...rest].join('-');
      await cleanUpAfter(note.replace(leader, other), systems, true);
      expect(child.exitCode ?? child.signalCode).toBeNull();
      process.kill(child.pid ?? 0, 0);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('holds up no build that needs no Docker', async () => {
    const systems = systemsAt('unix:///here');
    const gone = new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
      message: 'Docker does not answer.',
    });
    const untag = () => Promise.reject(gone);
    const docker = { ...systems.docker, untag };
    const note = await leftoversNote(systems, transient);
    const cleanUp = (needsDocker: boolean) =>
      cleanUpAfter(note, { ...systems, docker }, needsDocker);
    await expect(cleanUp(true)).rejects.toBe(gone);
    await cleanUp(false);
    expect(systems.reporter.warnings).toEqual([
      expect.stringContaining(`${TRANSIENT} of a killed build stays`),
    ]);
  });

  it.each([
    undefined,
    '',
    '{"docker":"unix:///here","tag"',
    'null',
    '[]',
    '{"docker":"unix:///here","tag":"busybox:1.35","leader":1}',
    '{"docker":"unix:///here","tag":{"length":1},"leader":"1-1"}',
    '{"docker":"unix:///here","tag":"web:v1?force=1&x=-build-0123456789abcdef"}',
    '{"docker":"unix:///here","tag":"../containers/db?x=-build-0123456789abcdef"}',
    '{"docker":"unix:///here","tag":"docker.io/web:nx-build-0123456789abcdef"}',
  ])('is acted on only as we would have written it: %s', async (note) => {
    const systems = systemsAt('unix:///here');
    await cleanUpAfter(note, systems, true);
    expect(systems.untagged).toEqual([]);
  });
});
