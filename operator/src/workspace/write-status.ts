import { WORKSPACE_NAMES, type WorkspaceStatus } from '@hortus/contracts/workspace-resource';
import { canonical } from '../kube/apply.ts';
import { conditionOf, isTrue } from '../kube/conditions.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { REASONS, type Reason } from './reasons.ts';
import type { Tools } from './tools.ts';
import { WORKSPACE, type Workspace } from './workspace.ts';

/** Writes the status where it differs, and tells of what turned. @returns the workspace as it stands then */
export async function writeStatus(
  tools: Tools,
  workspace: Workspace,
  status: WorkspaceStatus,
  signal: AbortSignal,
): Promise<Workspace> {
  const before = workspace.status;
  if (canonical(before ?? {}) === canonical(status)) return workspace;
  const gone = Object.keys(before ?? {}).filter((name) => !(name in status));
  const patch = { status: { ...status, ...Object.fromEntries(gone.map((name) => [name, null])) } };
  const options = { fieldManager: WORKSPACE_NAMES.fieldManager, subresource: 'status', signal };
  try {
    const written = await tools.client.merge<Workspace>(WORKSPACE, workspace.metadata, patch, options);
    tools.cache.note(WORKSPACE, written);
    tellOfTurns(tools, workspace, status);
    return written;
  } catch (error) {
    if (isKubeError(error, 404)) return workspace;
    throw error;
  }
}

/** Events are of transitions only. */
function tellOfTurns({ events }: Tools, workspace: Workspace, status: WorkspaceStatus): void {
  const tell = (type: 'Normal' | 'Warning', conditionType: string): void => {
    const { reason = '', message = '' } = conditionOf(status.conditions, conditionType) ?? {};
    if (reason in REASONS) events.record(WORKSPACE, workspace, { type, reason, action: 'Reconcile', note: message });
  };
  const turned = (type: string): boolean =>
    isTrue(status.conditions, type) && !isTrue(workspace.status?.conditions, type);
  if (turned('Ready')) tell('Normal', 'Ready');
  if (turned('Stalled')) tell('Warning', 'Stalled');
  if (turned('Suspended')) tell('Normal', 'Suspended');
  if (turned('Paused')) tell('Normal', 'Paused');
  if (turned('DeletionBlocked')) tell('Warning', 'DeletionBlocked');
}

export function tellOf({ events }: Tools, workspace: Workspace, reason: Reason, note: string): void {
  events.record(WORKSPACE, workspace, { type: 'Normal', reason, action: 'Reconcile', note });
}
