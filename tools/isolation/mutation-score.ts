import { fileURLToPath } from 'node:url';
import type { Endpoint } from '@hortus/contracts/endpoint';

/** Where the tests leave the score, for programs that add scores up. */
export const SCORE_FILE = fileURLToPath(new URL('../../test-results/isolation.json', import.meta.url));

/** One thing that was taken away or opened, and what noticed; null: nothing did. */
export interface MutantFate {
  readonly kind: string;
  readonly name: string;
  readonly killedBy: string | null;
}

export interface MutationScore {
  readonly mutants: number;
  readonly killed: number;
  readonly byKind: Readonly<Record<string, { readonly mutants: number; readonly killed: number }>>;
  readonly survivors: readonly string[];
}

export function scoreOf(fates: readonly MutantFate[]): MutationScore {
  const byKind: Record<string, { mutants: number; killed: number }> = {};
  for (const { kind, killedBy } of fates) {
    const { mutants, killed } = byKind[kind] ?? { mutants: 0, killed: 0 };
    byKind[kind] = { mutants: mutants + 1, killed: killed + (killedBy === null ? 0 : 1) };
  }
  const survivors = fates.filter(({ killedBy }) => killedBy === null);
  return {
    mutants: fates.length,
    killed: fates.length - survivors.length,
    byKind,
    survivors: survivors.map(({ kind, name }) => `${kind}: ${name}`),
  };
}

/** The last line that people read. */
export function scoreLine({ mutants, killed }: MutationScore): string {
  return `isolation: ${String(killed)} of ${String(mutants)} mutants killed`;
}

type Access = Endpoint['config']['access'];

/** `public` and `signed` ask nothing before the handler, so one in the place of the other changes nothing. */
const ASKS: Readonly<Record<Access, string>> = {
  public: 'nothing',
  signed: 'nothing',
  session: 'session',
  workspace: 'workspace',
  membership: 'membership',
  service: 'service',
};
export const ACCESS_MUTANTS: readonly Access[] = ['public', 'session', 'workspace', 'membership', 'service'];

export function otherAccesses(access: Access): Access[] {
  return ACCESS_MUTANTS.filter((other) => ASKS[other] !== ASKS[access]);
}
