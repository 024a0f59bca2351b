/** A target that builds the image `web`, as project.json has it. */
export function build(options: object = {}, more: object = {}) {
  return {
    executor: 'nx-slipway:custom-build',
    options: { ref: 'web', command: 'make', ...options },
    ...more,
  };
}

/** project.json of an image of its project's name that has nothing but that. */
export function image(name: string, options: object = {}, more: object = {}) {
  return {
    name,
    targets: { 'custom-build': build({ ref: name, deps: ['x'], ...options }) },
    ...more,
  };
}

/** A Deployment that runs images. */
export function deployment(...images: string[]): string {
  const containers = images.map((name, index) => ({
    name: `c${index}`,
    image: name,
  }));
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'x' },
    spec: { template: { spec: { containers } } },
  });
}
