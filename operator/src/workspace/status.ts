import {
  DRIFT_ENTRIES_MAX,
  type WorkspaceDrift,
  type WorkspaceSpec,
  type WorkspaceStatus,
} from '@hortus/contracts/workspace-resource';
import { withCondition, type Condition, type NewCondition } from '../kube/conditions.ts';
import { CONDITIONS, DEPENDANTS, type ConditionType, type Dependant, type Reason } from './reasons.ts';
import type { Workspace } from './workspace.ts';

/** What was found of one dependant. */
export interface Verdict {
  /** `waiting` is expected to pass by itself; `stalled` is not. */
  readonly state: 'stands' | 'waiting' | 'stalled';
  readonly reason: Reason;
  readonly message: string;
}

export type Findings = Readonly<Record<Dependant, Verdict>>;

/** What a pass has come to. */
export interface Result {
  readonly workspaceId: string;
  readonly namespace: string;
  readonly findings: Findings;
  readonly counts: NonNullable<WorkspaceStatus['counts']>;
  readonly gardener: NonNullable<WorkspaceStatus['gardener']>;
  readonly repairs: readonly Repair[];
}

/** A change by somebody else that was put right. */
export type Repair = Omit<WorkspaceDrift, 'at' | 'count'>;

type Statement = Omit<NewCondition, 'type' | 'observedGeneration'>;

const state = (status: Statement['status'], reason: Reason, message: string): Statement => ({
  status,
  reason,
  message,
});

/** Nothing is known of a resource that was never looked at, and that is what it says. */
export function firstStatus(
  workspace: Workspace,
  known: Pick<Result, 'workspaceId' | 'namespace'>,
  at: Date,
): WorkspaceStatus {
  const unseen = state('Unknown', 'Unseen', 'The operator begins.');
  return {
    ...known,
    conditions: speak(
      workspace,
      allConditions(() => unseen),
      at,
    ),
  };
}

export function statusOf(workspace: Workspace, result: Result, at: Date): WorkspaceStatus {
  const { workspaceId, namespace, findings, counts, gardener, repairs } = result;
  const statements = allConditions((type) => statementOf(type, findings, workspace.spec));
  const drift = withRepairs(workspace.status?.drift ?? [], repairs, at);
  const lastDriftAt = repairs.length > 0 ? seconds(at) : workspace.status?.lastDriftAt;
  return {
    ...observed(workspace),
    workspaceId,
    namespace,
    counts,
    gardener,
    conditions: speak(workspace, statements, at),
    ...(drift.length === 0 ? {} : { drift }),
    ...(lastDriftAt === undefined ? {} : { lastDriftAt }),
  };
}

/** Hands off: only that is said, and everything else stays as it was. */
export function pausedStatus(workspace: Workspace, at: Date): WorkspaceStatus {
  const paused = state('True', 'Paused', 'Remove the annotation hortus.dev/paused to let the operator go on.');
  return { ...workspace.status, conditions: speak(workspace, { Paused: paused }, at) };
}

/** @param step what is being done; blocked where it does not go on */
export function deletingStatus(
  workspace: Workspace,
  step: { readonly message: string; readonly isBlocked: boolean },
  at: Date,
): WorkspaceStatus {
  const { message, isBlocked } = step;
  const blocked = isBlocked
    ? state('True', 'DeletionBlocked', message)
    : state('False', 'Deleting', 'The deletion goes on.');
  const statements = {
    Ready: state('False', isBlocked ? 'DeletionBlocked' : 'Deleting', message),
    Reconciling: state('True', 'Deleting', message),
    Stalled: state('False', 'Deleting', 'The resource is being deleted.'),
    DeletionBlocked: blocked,
  };
  return { ...workspace.status, ...observed(workspace), conditions: speak(workspace, statements, at) };
}

function statementOf(type: ConditionType, findings: Findings, spec: WorkspaceSpec): Statement {
  const verdicts = DEPENDANTS.map((dependant) => findings[dependant]);
  const stalled = verdicts.find((verdict) => verdict.state === 'stalled');
  const waiting = verdicts.find((verdict) => verdict.state === 'waiting');
  const lacking = stalled ?? waiting;
  switch (type) {
    case 'Ready':
      if (lacking === undefined) return state('True', 'Ready', 'Everything stands as declared.');
      return state('False', lacking.reason, lacking.message);
    case 'Stalled':
      if (stalled === undefined) return state('False', 'Progressing', 'Nothing has to be changed by hand.');
      return state('True', stalled.reason, stalled.message);
    case 'Reconciling':
      if (stalled !== undefined) return state('False', stalled.reason, 'It waits for a change by hand.');
      if (waiting === undefined) return state('False', 'Ready', 'Nothing is under way.');
      return state('True', waiting.reason, waiting.message);
    case 'Suspended':
      if (spec.suspend !== true) return state('False', 'Active', 'The workspace is at work.');
      if (findings.WorkspaceRegistered.state !== 'stands')
        return state('False', 'Waiting', 'Hortus does not know yet that the workspace rests.');
      return state('True', 'Suspended', 'The workspace can be read and not changed, and no gardener of its own runs.');
    case 'Paused':
      return state('False', 'Resumed', 'The operator looks after the workspace.');
    case 'DeletionBlocked':
      return state('False', 'Active', 'The resource is not being deleted.');
    default: {
      const verdict = findings[type];
      return state(verdict.state === 'stands' ? 'True' : 'False', verdict.reason, verdict.message);
    }
  }
}

function allConditions(speakOf: (type: ConditionType) => Statement): Record<ConditionType, Statement> {
  const types = Object.keys(CONDITIONS) as ConditionType[];
  return Object.fromEntries(types.map((type) => [type, speakOf(type)])) as Record<ConditionType, Statement>;
}

/** What is said anew, within what was said. A condition that is none of ours was written by hand, and goes. */
function speak(
  { metadata, status }: Workspace,
  statements: Partial<Record<ConditionType, Statement>>,
  at: Date,
): Condition[] {
  const { generation } = metadata;
  let conditions: readonly Condition[] = (status?.conditions ?? []).filter(({ type }) => type in CONDITIONS);
  for (const [type, statement] of Object.entries(statements)) {
    const next = { type, ...statement, ...(generation === undefined ? {} : { observedGeneration: generation }) };
    conditions = withCondition(conditions, next, at);
  }
  return [...conditions];
}

function observed({ metadata }: Workspace): Pick<WorkspaceStatus, 'observedGeneration'> {
  return metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
}

/** Newest first, each object once. */
function withRepairs(before: readonly WorkspaceDrift[], repairs: readonly Repair[], at: Date): WorkspaceDrift[] {
  const isOf = (repair: Repair) => (one: Repair) => one.kind === repair.kind && one.name === repair.name;
  const fresh = repairs.map((repair) => {
    const count = (before.find(isOf(repair))?.count ?? 0) + 1;
    return { ...repair, fields: repair.fields.slice(0, DRIFT_ENTRIES_MAX), at: seconds(at), count };
  });
  const rest = before.filter((one) => !fresh.some(isOf(one)));
  return [...fresh, ...rest].slice(0, DRIFT_ENTRIES_MAX);
}

function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
