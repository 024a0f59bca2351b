export { editManifests, editText } from './edit-manifests';
