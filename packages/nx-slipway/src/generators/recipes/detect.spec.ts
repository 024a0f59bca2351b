import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { candidates, namesOf, projectFiles, recipes } from '.';

const JIB_POM =
  '<plugin>\n <groupId>com.google.cloud.tools</groupId>\n <artifactId>jib-maven-plugin</artifactId></plugin>';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

/** Of a project `web` in `apps/web`; a path that begins with / is of the workspace. */
function found(files: Readonly<Record<string, string>>): string[] {
  for (const [path, text] of Object.entries(files)) {
    tree.write(path.startsWith('/') ? path.slice(1) : `apps/web/${path}`, text);
  }
  const values = { name: 'web', ref: 'web', projectRoot: 'apps/web' };
  return candidates(
    recipes(),
    projectFiles(tree, 'apps/web'),
    namesOf(values),
  ).map(({ recipe }) => recipe.name);
}

describe('the recipes that a project is for', () => {
  it.each([
    [{ Dockerfile: 'FROM x' }, ['docker']],
    [{ 'go.mod': 'module x' }, ['ko']],
    [{ 'main.go': 'package main' }, ['ko']],
    [{ 'go.mod': 'module x', Dockerfile: 'FROM x' }, ['docker']],
    [{ 'go.mod': 'module x', Containerfile: 'FROM x' }, ['buildah', 'podman']],
    [{ 'pom.xml': JIB_POM }, ['jib-maven']],
    [{ 'pom.xml': JIB_POM, Dockerfile: 'FROM x' }, ['docker', 'jib-maven']],
    [
      { 'build.gradle': "id 'com.google.cloud.tools.jib' version '3.4.0'" },
      ['jib-gradle'],
    ],
    [
      { 'build.gradle.kts': 'id("com.google.cloud.tools.jib")' },
      ['jib-gradle'],
    ],
    [{ 'BUILD.bazel': 'x' }, ['bazel']],
    [{ BUILD: 'x' }, ['bazel']],
    [{ Containerfile: 'FROM x' }, ['buildah', 'podman']],
    [{ 'flake.nix': '{}' }, ['nix']],
    [{ Earthfile: 'VERSION 0.8' }, ['earthly']],
    [{ 'project.toml': '[project]' }, ['pack']],
    [{ 'build.sh': '#!/bin/sh' }, ['script']],
    [{ 'build.sh': '#!/bin/sh', Dockerfile: 'FROM x' }, ['docker', 'script']],
  ])('%j: %j', (files, names) => {
    expect(found(files as unknown as Record<string, string>)).toEqual(names);
  });

  it.each([
    [{}],
    [{ 'pom.xml': '<artifactId>jib-core</artifactId>' }],
    [{ 'build.gradle': "id 'com.google.cloud.tools.jibber'" }],
    [{ 'BUILD/readme': 'a folder' }],
    [{ '/Dockerfile': 'FROM x' }],
    [{ '/apps/web2/Dockerfile': 'FROM x' }],
    [{ 'docker/Dockerfile': 'FROM x' }],
    [{ 'main.go.txt': '' }],
  ])('%j: none', (files) => {
    expect(found(files as Record<string, string>)).toEqual([]);
  });
});

describe('the files of a project', () => {
  it('are found by names, and by any part of one', () => {
    tree.write('apps/web/cmd/b/main.go', '');
    tree.write('apps/web/cmd/a/main.go', '');
    tree.write('apps/web/cmd/a+b/x.go', '');
    tree.write('go.mod', 'module x');
    const { find, read } = projectFiles(tree, 'apps/web');
    expect(find('cmd/*/main.go')).toBe('cmd/a/main.go');
    expect(find('cmd/a+*/*.go')).toBe('cmd/a+b/x.go');
    expect(find('cmd/*')).toBeUndefined();
    expect(find('{workspaceRoot}/go.*')).toBe('{workspaceRoot}/go.mod');
    expect(read('{workspaceRoot}/go.mod')).toBe('module x');
  });

  it('are none outside of the workspace, and of other projects', () => {
    tree.write('apps/other/Dockerfile', 'FROM x');
    const { find } = projectFiles(tree, 'apps/web');
    expect(find('../other/Dockerfile')).toBeUndefined();
    expect(find('{workspaceRoot}/../*')).toBeUndefined();
  });
});
