/**
 * What of a workspace that rests may still be asked with a method that changes things, since nothing of the workspace changes by
 * it. Everything else but reading is refused.
 */
const CHANGES_NOTHING: readonly string[] = ['createZipAddress', 'switchWorkspace'];

export function mayWhileSuspended(method: string, operationId: string): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method) || CHANGES_NOTHING.includes(operationId);
}
