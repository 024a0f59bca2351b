import { executorContext } from '../../../testing/executor-context';
import { configurationFiles } from './configuration-files';

it('are those of the workspace and of the projects, each once', () => {
  const context = executorContext({
    root: '/ws',
    projects: {
      web: { root: 'apps/web' },
      lib: { root: 'libs/lib' },
      all: { root: '.' },
    },
  });
  expect(configurationFiles(context, ['web', 'all', 'ghost'])).toEqual([
    '/ws/nx.json',
    '/ws/project.json',
    '/ws/package.json',
    '/ws/apps/web/project.json',
    '/ws/apps/web/package.json',
  ]);
});
