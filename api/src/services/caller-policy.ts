/*
 * Which program of the product may ask what of `/internal/v1`: each only what it needs, so that a worker that a hostile picture
 * has taken over makes nobody a member, and an operator reads nobody's pictures. The service key belongs to one machine, whose
 * programs all have it: whoever sends it may ask everything.
 */

export const SERVICE_CALLERS = ['operator', 'worker'] as const;
export type ServiceCaller = (typeof SERVICE_CALLERS)[number];

/** By the name of the operation. One that is not here is refused to both. */
export const SERVICE_CALLS: Readonly<Record<string, readonly ServiceCaller[]>> = {
  recordInspection: ['worker'],
  recordVariants: ['worker'],
  recordOutcome: ['worker'],
  purgeTrash: ['worker'],
  beginRemoval: ['worker'],
  removeRows: ['worker'],
  finishRemoval: ['worker'],
  putDemo: ['worker'],
  listDemoKeys: ['worker'],
  putDemoArtifact: ['worker'],
  deleteDemo: ['worker'],
  listRemovals: ['operator'],
  putQuota: ['operator'],
  declareWorkspace: ['operator'],
  planDeclaration: ['operator'],
  readDeclaration: ['operator'],
  releaseDeclaration: ['operator'],
  requestRemoval: ['operator'],
  readRemoval: ['operator'],
  listUndeclaredWorkspaces: ['operator'],
};

export function mayCall(caller: ServiceCaller, operationId: string): boolean {
  return Object.hasOwn(SERVICE_CALLS, operationId) && SERVICE_CALLS[operationId]?.includes(caller) === true;
}
