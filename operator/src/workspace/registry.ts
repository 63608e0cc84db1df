import {
  declareWorkspace,
  type DeclaredWorkspace,
  type WorkspaceDeclaration,
} from '@hortus/contracts/workspace-resource-api';
import { ApiError, type ApiClient } from '../api-client.ts';
import { hashOf } from '../kube/apply.ts';
import { isTrue, conditionOf } from '../kube/conditions.ts';
import type { Reason } from './reasons.ts';
import type { Verdict } from './status.ts';
import type { Member } from './steps/step.ts';
import type { Workspace } from './workspace.ts';

/** Hortus is asked anew after so long, since it tells nobody of what changes there. */
export const REGISTRY_RESYNC_MS = 10 * 60_000;

export interface Registration {
  readonly verdict: Verdict;
  /** Only where the resource does not declare them. */
  readonly members: readonly Member[] | undefined;
  readonly counts: { readonly members: number; readonly invited: number };
  /** Why to try again soon. */
  readonly error?: ApiError;
}

interface Kept extends Registration {
  readonly hash: string;
  readonly at: number;
}

const REASON_OF: Readonly<Record<string, Reason>> = {
  SLUG_TAKEN: 'SlugInUse',
  SLUG_RESERVED: 'SlugReserved',
  WORKSPACE_DECLARED_ELSEWHERE: 'DeclaredElsewhere',
};

/** Keeps the workspaces in Hortus as they are declared, and remembers which it has seen so. */
export class Registry {
  readonly #api: ApiClient;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #left = new Set<string>();

  constructor(api: ApiClient, now = () => performance.now()) {
    this.#api = api;
    this.#now = now;
  }

  /** What was said last, without asking. */
  recall(workspaceId: string): Registration | undefined {
    return this.#kept.get(workspaceId);
  }

  async ensure(
    workspaceId: string,
    workspace: Workspace,
    declaration: WorkspaceDeclaration,
    signal: AbortSignal,
  ): Promise<Registration> {
    this.#left.delete(workspaceId);
    const hash = hashOf(declaration);
    const kept = this.#kept.get(workspaceId) ?? this.#trusted(workspace, hash);
    if (kept?.hash === hash && this.#now() - kept.at < REGISTRY_RESYNC_MS) {
      this.#kept.set(workspaceId, kept);
      return kept;
    }
    try {
      const answer = await this.#api.call(declareWorkspace, { params: { workspaceId }, body: declaration }, signal);
      const fresh = { ...registrationOf(answer, declaration), hash, at: this.#now() };
      this.#kept.set(workspaceId, fresh);
      return fresh;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const counts = kept?.counts ?? { members: 0, invited: 0 };
      return { verdict: verdictOf(error), members: kept?.members, counts, ...(error.mayPass ? { error } : {}) };
    }
  }

  /** Notes that Hortus has let go of it, or has removed it; until it is declared again nobody has to ask. */
  leave(workspaceId: string): void {
    this.#kept.delete(workspaceId);
    this.#left.add(workspaceId);
  }

  hasLeft(workspaceId: string): boolean {
    return this.#left.has(workspaceId);
  }

  /** For a resource that is gone. */
  forget(workspaceId: string): void {
    this.#kept.delete(workspaceId);
    this.#left.delete(workspaceId);
  }

  /** After a restart: what the status says of this very spec holds until Hortus is asked anew, sometime within the usual time. */
  #trusted({ metadata, spec, status }: Workspace, hash: string): Kept | undefined {
    const said = conditionOf(status?.conditions, 'WorkspaceRegistered');
    const isSaid =
      isTrue(status?.conditions, 'WorkspaceRegistered') && said?.observedGeneration === metadata.generation;
    if (!isSaid || spec.members === undefined || status?.counts === undefined) return undefined;
    const { members, invited } = status.counts;
    const at = this.#now() - Math.random() * REGISTRY_RESYNC_MS;
    return { verdict: STANDS, members: undefined, counts: { members, invited }, hash, at };
  }
}

const STANDS: Verdict = { state: 'stands', reason: 'Applied', message: 'The workspace stands in Hortus as declared.' };

function registrationOf({ members }: DeclaredWorkspace, declaration: WorkspaceDeclaration): Registration {
  return {
    verdict: STANDS,
    members: declaration.members === undefined ? members.map(({ email, role }) => ({ email, role })) : undefined,
    counts: {
      members: members.filter(({ isInvited }) => !isInvited).length,
      invited: members.filter(({ isInvited }) => isInvited).length,
    },
  };
}

function verdictOf(error: ApiError): Verdict {
  if (error.mayPass) {
    const reason = error.code === 'REMOVAL_UNDER_WAY' ? 'RemovalUnderWay' : 'HortusUnavailable';
    return { state: 'waiting', reason, message: error.message };
  }
  return { state: 'stalled', reason: REASON_OF[error.code] ?? 'DeclarationRefused', message: error.message };
}
