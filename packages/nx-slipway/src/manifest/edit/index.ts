export { editManifests } from './edit-manifests';
