import { conflictHint, conflictInWords, fieldConflicts } from './conflicts';

/** As Kubernetes 1.34 answers. */
const BODY = {
  kind: 'Status',
  reason: 'Conflict',
  details: {
    causes: [
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "helm" using apps/v1',
        field: '.spec.template.spec.containers[name="web"].image',
      },
      {
        reason: 'FieldManagerConflict',
        message:
          'conflict with "kube-controller-manager" with subresource "scale" using apps/v1 at 2026-11-27T05:00:00Z',
        field: '.spec.replicas',
      },
    ],
  },
};

describe('conflicts of fields', () => {
  it('are told by field and manager', () => {
    expect(fieldConflicts(BODY).map(conflictInWords)).toEqual([
      '.spec.template.spec.containers[name="web"].image is managed by helm',
      '.spec.replicas is managed by kube-controller-manager (scale)',
    ]);
  });

  it('are none where an object has another version, or the answer is none of the API', () => {
    const causes = [{ reason: 'Other' }];
    for (const body of [undefined, {}, 'x', { details: { causes } }]) {
      expect(fieldConflicts(body)).toEqual([]);
    }
  });

  it('with an autoscaler end by taking replicas out', () => {
    const [image, replicas] = fieldConflicts(BODY);
    expect(conflictHint(image ? [image] : [])).not.toContain('replicas');
    expect(conflictHint(replicas ? [replicas] : [])).toContain(
      'take replicas out of the manifest',
    );
  });
});
