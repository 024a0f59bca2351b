import { nxEnvironment } from './environment';

it('has nothing of the task that Nx runs us for, and all of the user', () => {
  const ofNx = {
    LERNA_PACKAGE_NAME: 'shop',
    NX_TASK_TARGET_PROJECT: 'shop',
    NX_TASK_TARGET_CONFIGURATION: 'production',
    NX_TASK_HASH: '123',
    NX_WORKSPACE_ROOT: '/ws',
    NX_STREAM_OUTPUT: 'true',
    NX_PREFIX_OUTPUT: 'true',
    NX_TERMINAL_OUTPUT_PATH: '/ws/.nx/1',
    NX_TERMINAL_CAPTURE_STDERR: 'true',
    NX_FORKED_TASK_EXECUTOR: '/tmp/1.sock',
    NX_INVOKED_BY_RUNNER: 'true',
    NX_INVOCATION_ROOT_PID: '1',
    NX_INVOCATION_ANCESTOR_PIDS: '1,2',
    NX_READY_SIGNAL_SOCKET: '/tmp/ready.sock',
    NX_TUI_AUTO_EXIT: '3',
  };
  const ofUser = {
    PATH: '/bin',
    NX_DAEMON: 'false',
    NX_CACHE_DIRECTORY: '/cache',
    NX_NO_CLOUD: 'true',
    NX_BATCH_MODE: 'true',
    NX_VERBOSE_LOGGING: 'true',
    NX_SKIP_NX_CACHE: 'true',
  };
  expect(nxEnvironment({ ...ofNx, ...ofUser, FORCE_COLOR: 'true' })).toEqual({
    ...ofUser,
    NX_TUI: 'false',
    FORCE_COLOR: '0',
  });
});
