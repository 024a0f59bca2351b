import type { Call, Value } from '../read';
import { asFlag, asText, asTexts, given } from '../values';
import { asForwards } from './forwards';
import type { Resource } from './types';

const PARAMETERS = [
  ...['workload', 'new_name', 'port_forwards', 'extra_pod_selectors'],
  ...['trigger_mode', 'resource_deps', 'objects', 'auto_init'],
  ...['pod_readiness', 'links', 'labels', 'discovery_strategy'],
];
/** What Tilt needs for its page, or to find out what is found here anyway. */
const NEEDLESS: Readonly<Record<string, string>> = {
  new_name: 'for Tilt alone: objects keep their own names',
  objects: 'not needed: all objects of a source are one set',
  links: 'for the page of Tilt alone',
  labels: 'for the page of Tilt alone',
  discovery_strategy: 'not needed: pods are found by their owners',
  extra_pod_selectors:
    'not needed: pods are found by their owners and by the image in them',
  pod_readiness:
    'not needed: what has pods is waited for, and all else is ready once it is there',
};

/** `k8s_resource(...)`. */
export function resourceOf(call: Call): Resource {
  const taken = given(call, PARAMETERS);
  const workload = taken.take('workload', asText) ?? '';
  const newName = taken.take('new_name', asText);
  const forwards = taken.take('port_forwards', asForwards) ?? [];
  const resourceDeps = taken.take('resource_deps', asTexts) ?? [];
  const isManual = isManualMode(taken.value('trigger_mode'));
  const notes = Object.entries(NEEDLESS)
    .filter(([name]) => taken.value(name) !== undefined)
    .map(([name, why]) => `\`${name}\` is ${why}`);
  const startsItself = taken.take('auto_init', asFlag) ?? true;
  const problems = taken.finish();
  if (!startsItself) {
    problems.push(
      'auto_init: what is not to start by itself has a project of its own, which is not served',
    );
  }
  if (forwards.length > 0 && workload === '') {
    problems.push('port_forwards are of no workload that is named');
  }
  return {
    call,
    workload,
    ...(newName && { newName }),
    forwards: workload === '' ? [] : forwards,
    resourceDeps,
    isManual,
    notes,
    problems,
  };
}

/** A constant of Tilt is no literal, and is known by its name all the same. */
export const isManualMode = (value: Value | undefined): boolean =>
  value?.text === 'TRIGGER_MODE_MANUAL';
