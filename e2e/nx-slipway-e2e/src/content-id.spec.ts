import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  down,
  ensureSandbox,
  sandboxEnv,
  type Sandbox,
} from '@nx-slipway/sandbox';
import { ImageStores } from './support/image-stores';
import { run } from './support/run';

const REPOSITORY = 'content-id';
const EMPTY = 'content-id';

/** Every runtime field that a Dockerfile can set. */
const DOCKERFILE = `FROM busybox:1.35
ENV STAGE=one
EXPOSE 8080
VOLUME /data
WORKDIR /app
USER 1000
LABEL team=shop
STOPSIGNAL SIGQUIT
SHELL ["/bin/sh", "-ec"]
ONBUILD RUN true
HEALTHCHECK --interval=5s CMD true
COPY file /app/file
ENTRYPOINT ["/bin/sh"]
CMD ["-c", "true"]
`;

describe('the content id', () => {
  let sandbox: Sandbox;
  let empty: Sandbox;
  let stores: ImageStores;
  let folder: string;
  let ref: string;
  let id: string;

  beforeAll(async () => {
    sandbox = await ensureSandbox();
    // A store of its own, which holds nothing of the first.
    empty = await ensureSandbox({ name: EMPTY, cluster: false });
    stores = await ImageStores.open(sandbox);
    folder = await mkdtemp(join(tmpdir(), 'slipway-content-id-'));
    ref = `${sandbox.registry.host}/${REPOSITORY}:one`;
    await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
    await writeFile(join(folder, 'file'), `content of ${folder}`);
    await stores.docker(['build', '-q', '-t', ref, folder]);
    await stores.docker(['push', '-q', ref]);
    id = await stores.inDocker(ref);
  });

  afterAll(async () => {
    await stores.close();
    await down(EMPTY);
    await rm(folder, { recursive: true, force: true });
  });

  describe('is the same', () => {
    it('in the archive of docker save', async () => {
      expect(await stores.inArchive(ref)).toBe(id);
    });

    it('after save and load into another Docker', async () => {
      expect(await stores.afterSaveAndLoad(ref, empty)).toBe(id);
      await stores.docker(['rmi', ref], empty);
    });

    it('in the registry', async () => {
      expect(await stores.inRegistry(REPOSITORY, 'one')).toBe(id);
    });

    it('pulled into a Docker that did not have it', async () => {
      expect(await stores.afterPull(ref, empty)).toBe(id);
    });

    it("in the cluster's containerd", async () => {
      expect(await stores.inContainerd(ref)).toBe(id);
    });

    it("in Buildah's store", async () => {
      expect(await stores.inBuildah(ref)).toBe(id);
    });

    it('after a cached rebuild', async () => {
      const again = await stores.docker(['build', '-q', folder]);
      expect(await stores.inDocker(again.trim())).toBe(id);
    });

    it('for another created, revision and history', async () => {
      const line =
        'LABEL org.opencontainers.image.created=now org.opencontainers.image.revision=abc';
      expect(await stores.idWith(ref, line)).toBe(
        await stores.idWith(ref, 'LABEL team=shop'),
      );
    });
  });

  it.each([
    ['Env', 'ENV STAGE=two'],
    ['ExposedPorts', 'EXPOSE 9090'],
    ['Volumes', 'VOLUME /more'],
    ['WorkingDir', 'WORKDIR /'],
    ['User', 'USER 1001'],
    ['Labels', 'LABEL team=other'],
    ['StopSignal', 'STOPSIGNAL SIGTERM'],
    ['Shell', 'SHELL ["/bin/sh", "-c"]'],
    ['OnBuild', 'ONBUILD RUN false'],
    ['Healthcheck', 'HEALTHCHECK --interval=6s CMD true'],
    ['Entrypoint', 'ENTRYPOINT ["/bin/ls"]'],
    ['Cmd', 'CMD ["-c", "false"]'],
    ['a layer', 'COPY file /app/other'],
  ])('changes with %s', async (_field, line) => {
    // An image built from it inherits all but what ONBUILD leaves behind.
    const same = await stores.idWith(ref, 'LABEL team=shop');
    expect(await stores.idWith(ref, line)).not.toBe(same);
  });

  it('is the same for an uncached rebuild by ko', async () => {
    const app = join(folder, 'go');
    await mkdir(app);
    await writeFile(join(app, 'go.mod'), 'module example.com/app\n\ngo 1.24\n');
    await writeFile(join(app, 'main.go'), 'package main\n\nfunc main() {}\n');
    const build = async (cache: string) => {
      const built = await run('ko', ['build', '--local', '.'], {
        cwd: app,
        env: {
          ...sandboxEnv(sandbox),
          KO_DOCKER_REPO: 'ko.local',
          GOCACHE: join(folder, cache),
          GOFLAGS: '-p=2',
        },
      });
      return stores.inDocker(built.trim());
    };
    expect(await build('cache-two')).toBe(await build('cache-one'));
  });

  it('is the same for an uncached rebuild by Jib', async () => {
    const app = join(folder, 'java');
    const source = join(app, 'src/main/java');
    await mkdir(source, { recursive: true });
    await writeFile(join(app, 'pom.xml'), pom(sandbox.registry.host));
    await writeFile(
      join(source, 'App.java'),
      'public class App { public static void main(String[] a) {} }\n',
    );
    const build = async (tag: string) => {
      const image = `jib-app:${tag}`;
      await run(
        'mvn',
        [
          '-q',
          '-B',
          'clean',
          'compile',
          'jib:dockerBuild',
          `-Djib.to.image=${image}`,
        ],
        {
          cwd: app,
          env: {
            ...sandboxEnv(sandbox),
            // Nothing of the first build is there for the second.
            MAVEN_OPTS: `-Djib.applicationCache=${join(folder, tag)} -Djib.baseImageCache=${join(folder, tag)}`,
          },
        },
      );
      return stores.inDocker(image);
    };
    expect(await build('two')).toBe(await build('one'));
  });
});

/** The least that Jib needs, with a base image that the sandbox holds. */
function pom(registry: string): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build><plugins><plugin>
    <groupId>com.google.cloud.tools</groupId>
    <artifactId>jib-maven-plugin</artifactId>
    <version>3.5.1</version>
    <configuration>
      <from><image>${registry}/eclipse-temurin:17-jre</image></from>
      <container><mainClass>App</mainClass></container>
      <allowInsecureRegistries>true</allowInsecureRegistries>
    </configuration>
  </plugin></plugins></build>
</project>
`;
}
