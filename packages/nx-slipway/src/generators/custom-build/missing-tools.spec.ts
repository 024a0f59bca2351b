import { useTempFolder } from '../../testing/temp-folder';
import { missingTools } from './missing-tools';

const folder = useTempFolder();
const tool = (program: string) => ({ program, get: 'https://example.com' });

describe('the tools that are missing', () => {
  it('are those in no folder of the PATH', async () => {
    await folder.script('a/ko', '');
    await folder.write({ 'b/bazel.exe': '' });
    const path = ['a', 'b', 'none'].map((name) => folder.at(name)).join(':');
    const tools = ['ko', 'bazel', 'nix', './mvnw'].map(tool);
    expect(missingTools(tools, path)).toEqual([tool('nix')]);
    expect(missingTools(tools, '')).toHaveLength(3);
  });
});
