import type { LiveObject } from '../live';
import {
  READY,
  conditionOf,
  failed,
  failing,
  fieldsOf,
  isSeen,
  noted,
  numberOf,
  saidBy,
  waiting,
  type Verdict,
} from './status';

const UNSEEN = waiting('its controller has not seen the change yet');
/** Only of pods of before: those of a new set are made of its template. */
const ON_DELETE = 'OnDelete: its pods change when somebody deletes them';

/** The rules of `kubectl rollout status`, with what keeps it from ever ending. */
export function judgeDeployment(object: LiveObject): Verdict {
  const spec = fieldsOf(object, 'spec');
  const status = fieldsOf(object, 'status');
  if (spec.paused === true) return noted('paused: nothing is rolled out');
  if (!isSeen(object)) return UNSEEN;
  // What both say may be of the rollout before, until the controller has gone on.
  const progressing = conditionOf(object, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return failing(saidBy(progressing));
  }
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return failing(saidBy(failure));
  const wanted = numberOf(spec, 'replicas', 1);
  const updated = numberOf(status, 'updatedReplicas');
  const total = numberOf(status, 'replicas');
  const available = numberOf(status, 'availableReplicas');
  if (updated < wanted) return waiting(`${updated} of ${wanted} pods are made`);
  if (total > updated) {
    return waiting(`${total - updated} of ${total} pods are old, and not gone`);
  }
  if (available < wanted) {
    return waiting(`${available} of ${wanted} pods are available`);
  }
  return wanted === 0 ? noted('it has no replicas') : READY;
}

export function judgeStatefulSet(object: LiveObject): Verdict {
  const spec = fieldsOf(object, 'spec');
  const status = fieldsOf(object, 'status');
  const strategy = fieldsOf(spec, 'updateStrategy');
  if (!isSeen(object)) return UNSEEN;
  const wanted = numberOf(spec, 'replicas', 1);
  const total = numberOf(status, 'replicas');
  const updated = numberOf(status, 'updatedReplicas');
  if (strategy.type === 'OnDelete' && updated < total) return noted(ON_DELETE);
  const isSlow = numberOf(spec, 'minReadySeconds') > 0;
  const serving = isSlow ? 'availableReplicas' : 'readyReplicas';
  const ready = numberOf(status, serving);
  if (ready < wanted) return waiting(`${ready} of ${wanted} pods are ready`);
  if (total > wanted) return waiting(`${total - wanted} pods are to go`);
  const partition = numberOf(fieldsOf(strategy, 'rollingUpdate'), 'partition');
  const due = Math.max(0, wanted - partition);
  const isSame = status.updateRevision === status.currentRevision;
  if (!isSame && updated < due) {
    return waiting(`${updated} of ${due} pods are of the newest revision`);
  }
  if (partition > 0) return noted(`partition: pods below ${partition} stay`);
  if (!isSame && strategy.type !== 'OnDelete') {
    return waiting('the newest revision is not the current one yet');
  }
  return wanted === 0 ? noted('it has no replicas') : READY;
}

export function judgeDaemonSet(object: LiveObject): Verdict {
  const status = fieldsOf(object, 'status');
  const strategy = fieldsOf(fieldsOf(object, 'spec'), 'updateStrategy');
  if (!isSeen(object)) return UNSEEN;
  const wanted = numberOf(status, 'desiredNumberScheduled');
  const total = numberOf(status, 'currentNumberScheduled');
  const updated = numberOf(status, 'updatedNumberScheduled');
  const available = numberOf(status, 'numberAvailable');
  if (strategy.type === 'OnDelete' && updated < total) return noted(ON_DELETE);
  if (updated < wanted) return waiting(`${updated} of ${wanted} pods are new`);
  if (available < wanted) {
    return waiting(`${available} of ${wanted} pods are available`);
  }
  return wanted === 0 ? noted('no node is for it') : READY;
}

export function judgeReplicaSet(object: LiveObject): Verdict {
  if (!isSeen(object)) return UNSEEN;
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return failing(saidBy(failure));
  const wanted = numberOf(fieldsOf(object, 'spec'), 'replicas', 1);
  const available = numberOf(fieldsOf(object, 'status'), 'availableReplicas');
  if (available < wanted) {
    return waiting(`${available} of ${wanted} pods are available`);
  }
  return wanted === 0 ? noted('it has no replicas') : READY;
}

export function judgeJob(object: LiveObject): Verdict {
  // The second comes while its last pods still end.
  for (const type of ['Failed', 'FailureTarget']) {
    const failure = conditionOf(object, type);
    if (failure?.status === 'True') return failed(saidBy(failure));
  }
  if (conditionOf(object, 'Complete')?.status === 'True') return READY;
  if (fieldsOf(object, 'spec').suspend === true) {
    return noted('suspended: it runs when somebody lets it');
  }
  const active = numberOf(fieldsOf(object, 'status'), 'active');
  return waiting(active > 0 ? 'it runs' : 'it has not begun');
}
