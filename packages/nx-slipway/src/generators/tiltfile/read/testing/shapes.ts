/** What Tiltfiles are made of, one construct each. */
export const SHAPES = `
load('ext://restart_process', 'docker_build_with_restart')
default_registry('localhost:5000', host_from_cluster='registry:5000')
allow_k8s_contexts(['kind-dev', "other"])
include('./other/Tiltfile')
registry = 'gcr.io/acme'
images = ['api', 'web']
images += ["worker"]
settings = {"debug": False, 'ports': [8080, 9090]}
docker_build(registry + '/api', './api', dockerfile="api/Dockerfile")
docker_build('web', 'web', live_update=[sync('web/src', '/src'), run('make')])
custom_build('%s/jib' % registry, './gradlew jib', deps=['src'], tag='dev')
custom_build(
  ref='ko',  # a comment
  command=r'ko publish -L \\$EXPECTED_REF',
  deps=["""main.go""",],
)
k8s_yaml(['a.yaml', kustomize('k8s')])
k8s_yaml(helm('chart', values=[os.path.join('a', 'b.yaml')]))
k8s_resource('api', port_forwards=[8080, '9090:90', port_forward(1, 2)])
local_resource('proto', cmd='make ' \\
  'proto')
if settings.get('debug'):
  k8s_resource('web', trigger_mode=TRIGGER_MODE_MANUAL)
elif os.name == 'nt':
  pass
else:
  print("%s" % images)
for image in images:
  docker_build(image, './' + image)
def service(name, port=80, *args, **kwargs):
  k8s_yaml('{}.yaml'.format(name))
  return [port_forward(p) for p in kwargs]
service('api', 8080)
x = str(local('git rev-parse HEAD')).strip()
y = x if settings['debug'] else lambda a: a
watch_settings(ignore=[f for f in images if f])
`
  .trim()
  .split(/\n(?! |\)|elif|else)/);
