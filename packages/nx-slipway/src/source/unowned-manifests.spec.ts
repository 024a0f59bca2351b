import { useTempFolder } from '../testing/temp-folder';
import { unownedManifests } from './unowned-manifests';

const folder = useTempFolder();
const OBJECT = 'apiVersion: v1\nkind: Service\n';
const GLOB = '{projectRoot}/{k8s,deploy}/**/*.yaml';
const WEB = { name: 'web', root: 'apps/web' };

const unowned = (globs = [GLOB], projects = [WEB]) =>
  unownedManifests(folder.path, globs, projects);

describe('manifests that no project holds', () => {
  beforeEach(() =>
    folder.write({
      'apps/web/k8s/web.yaml': OBJECT,
      'apps/other/k8s/a.yaml': OBJECT,
      'k8s/b.yaml': OBJECT,
      'deploy/compose.yaml': 'services: {}\n',
      'node_modules/x/k8s/c.yaml': OBJECT,
    }),
  );

  it('are those that lie where a project would have them', () => {
    expect(unowned()).toEqual(['apps/other/k8s/a.yaml', 'k8s/b.yaml']);
  });

  it('are none of the root where that is a project', () => {
    const root = { name: 'all', root: '.' };
    expect(unowned([GLOB], [WEB, root])).toEqual(['apps/other/k8s/a.yaml']);
  });

  it('are told apart by globs that name projects', () => {
    const globs = ['{workspaceRoot}/apps/{projectName}/k8s/*.yaml'];
    expect(unowned(globs)).toEqual(['apps/other/k8s/a.yaml']);
  });
});
