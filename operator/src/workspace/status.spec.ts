import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../kube/conditions.ts';
import { CONDITIONS, DEPENDANTS, REASONS, type Dependant } from './reasons.ts';
import {
  deletingStatus,
  firstStatus,
  pausedStatus,
  statusOf,
  type Findings,
  type Result,
  type Verdict,
} from './status.ts';
import type { Workspace } from './workspace.ts';

const AT = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T01:00:00Z');
const WORKSPACE: Workspace = { metadata: { name: 'blue', generation: 3 }, spec: { slug: 'blue' } };
const stands: Verdict = { state: 'stands', reason: 'Applied', message: 'It stands as declared.' };
const stalled: Verdict = { state: 'stalled', reason: 'SlugInUse', message: 'Choose another slug.' };
const waiting: Verdict = { state: 'waiting', reason: 'HortusUnavailable', message: 'Hortus is away.' };

function result(found: Partial<Record<Dependant, Verdict>> = {}, repairs: Result['repairs'] = []): Result {
  const findings = Object.fromEntries(DEPENDANTS.map((dependant) => [dependant, found[dependant] ?? stands]));
  return {
    workspaceId: 'id',
    namespace: 'ws-blue',
    findings: findings as Findings,
    counts: { members: 1, invited: 0, children: 8 },
    gardener: { mode: 'shared', taskQueue: 'hortus-cpu', replicas: 0, readyReplicas: 0 },
    repairs,
  };
}

describe('the status of a workspace', () => {
  it('knows nothing at first sight, and says so of everything', () => {
    const { conditions = [] } = firstStatus(WORKSPACE, { workspaceId: 'id', namespace: 'ws-blue' }, AT);
    expect(conditions.map(({ type }) => type)).toEqual(Object.keys(CONDITIONS));
    expect(new Set(conditions.map(({ status }) => status))).toEqual(new Set(['Unknown']));
  });

  it.each<[string, Partial<Record<Dependant, Verdict>>, string, string, string, string]>([
    ['all stand', {}, 'True', 'False', 'False', 'Ready'],
    ['one is awaited', { WorkspaceRegistered: waiting }, 'False', 'True', 'False', 'HortusUnavailable'],
    ['one is stalled', { WorkspaceRegistered: stalled }, 'False', 'False', 'True', 'SlugInUse'],
    ['both', { NamespaceReady: waiting, CopiesReady: stalled }, 'False', 'False', 'True', 'SlugInUse'],
  ])('speaks for tools that know kstatus, where %s', (...[, found, ready, reconciling, isStalled, reason]) => {
    const { conditions, observedGeneration } = statusOf(WORKSPACE, result(found), AT);
    const said = (type: string): string | undefined => conditionOf(conditions, type)?.status;
    expect([said('Ready'), said('Reconciling'), said('Stalled')]).toEqual([ready, reconciling, isStalled]);
    expect(conditionOf(conditions, 'Ready')?.reason).toBe(reason);
    expect(observedGeneration).toBe(3);
    expect(conditions?.every((one) => one.observedGeneration === 3)).toBe(true);
  });

  it.each(DEPENDANTS)('is not Ready while %s does not hold', (dependant) => {
    for (const verdict of [waiting, stalled]) {
      const { conditions } = statusOf(WORKSPACE, result({ [dependant]: verdict }), AT);
      expect(conditionOf(conditions, 'Ready')).toMatchObject({ status: 'False', message: verdict.message });
      expect(conditionOf(conditions, dependant)?.status).toBe('False');
    }
  });

  it('says since when a condition is as it is, and is the same when nothing is new', () => {
    const first = statusOf(WORKSPACE, result(), AT);
    const second = statusOf({ ...WORKSPACE, status: first }, result(), LATER);
    expect(second).toEqual(first);
    const third = statusOf({ ...WORKSPACE, status: first }, result({ QuotaApplied: waiting }), LATER);
    expect(conditionOf(third.conditions, 'QuotaApplied')?.lastTransitionTime).toBe('2026-01-01T01:00:00Z');
    expect(conditionOf(third.conditions, 'LimitsApplied')?.lastTransitionTime).toBe('2026-01-01T00:00:00Z');
  });

  it('keeps the last repairs, each object once and counted, newest first', () => {
    const repair = (name: string) => ({ kind: 'NetworkPolicy', name, fields: ['spec'], manager: 'eve' });
    let workspace = WORKSPACE;
    for (const name of ['a', 'b', 'a', ...Array.from({ length: 10 }, (_, n) => `n${String(n)}`), 'a'])
      workspace = { ...workspace, status: statusOf(workspace, result({}, [repair(name)]), AT) };
    const { drift = [], lastDriftAt } = workspace.status ?? {};
    expect(drift).toHaveLength(10);
    expect(drift[0]).toMatchObject({ name: 'a', manager: 'eve' });
    expect(new Set(drift.map(({ name }) => name)).size).toBe(10);
    expect(lastDriftAt).toBe('2026-01-01T00:00:00Z');
  });

  it('changes nothing but one condition while it is paused', () => {
    const status = statusOf(WORKSPACE, result(), AT);
    const paused = pausedStatus({ ...WORKSPACE, metadata: { name: 'blue', generation: 4 }, status }, LATER);
    expect(paused.observedGeneration).toBe(3);
    expect(conditionOf(paused.conditions, 'Ready')).toEqual(conditionOf(status.conditions, 'Ready'));
    expect(conditionOf(paused.conditions, 'Paused')?.status).toBe('True');
  });

  it('is not Ready while it is deleted, and says what holds that up', () => {
    const status = statusOf(WORKSPACE, result(), AT);
    const blocked = deletingStatus({ ...WORKSPACE, status }, { message: 'Waiting for X', isBlocked: true }, LATER);
    expect(conditionOf(blocked.conditions, 'Ready')).toMatchObject({ status: 'False', message: 'Waiting for X' });
    expect(conditionOf(blocked.conditions, 'DeletionBlocked')?.status).toBe('True');
    const going = deletingStatus({ ...WORKSPACE, status }, { message: 'Waiting for X', isBlocked: false }, LATER);
    expect(conditionOf(going.conditions, 'DeletionBlocked')?.status).toBe('False');
    expect(conditionOf(going.conditions, 'Reconciling')?.status).toBe('True');
  });

  it('drops a condition that somebody wrote by hand', () => {
    const made = { type: 'Blessed', status: 'True' as const, reason: 'X', message: '', lastTransitionTime: '' };
    const { conditions } = statusOf({ ...WORKSPACE, status: { conditions: [made] } }, result(), AT);
    expect(conditionOf(conditions, 'Blessed')).toBeUndefined();
  });

  it('has a meaning for every reason', () => {
    for (const [reason, meaning] of Object.entries(REASONS)) {
      expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(meaning).toMatch(/[.]$/);
    }
  });
});
