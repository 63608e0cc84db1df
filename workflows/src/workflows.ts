/** Every workflow there is. The bundler is given this file; a workflow that is not named here does not exist. */
export { gardenArtifact } from './garden-artifact/workflow.ts';
export { purgeTrash } from './purge-trash/workflow.ts';
export { removeWorkspace } from './remove-workspace/workflow.ts';
export { seedDemo } from './seed-demo/workflow.ts';
