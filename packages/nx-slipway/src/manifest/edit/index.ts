export { editManifests, editText } from './edit-manifests';
export { applySplices } from './splices';
